/**
 * Disks in use on this machine: ties a disk's controller to the NBD export its VM opens.
 *
 * <p>May use every other storage package; is what the host agent and the daemon call.
 *
 * <p>Invariant: a disk has at most one controller and one export in a process, and only an
 * attachment in state HOLDER has writes accepted.
 */
@NullMarked
package io.drover.storage.attach;

import org.jspecify.annotations.NullMarked;
