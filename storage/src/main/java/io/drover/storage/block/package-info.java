/**
 * The seam between disks and the protocols that serve them.
 *
 * <p>A {@link io.drover.storage.block.BlockDevice} is what a front end (NBD now, others later)
 * talks to and what the replicated disk's controller is. The package uses nothing but the JDK. It
 * guards one invariant: a device never reports an outcome it does not know; whatever is not known
 * to have happened surfaces as a {@link io.drover.storage.block.BlockIoException} with its reason.
 */
@NullMarked
package io.drover.storage.block;

import org.jspecify.annotations.NullMarked;
