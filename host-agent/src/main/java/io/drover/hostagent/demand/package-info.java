/**
 * What each VM demands of its host: what it used and, for CPU, what it waited for.
 *
 * <p>Reads the kernel's counters of the VM's threads and the hypervisor's of its disks. The
 * invariant it guards: a rate is only ever made from two readings of the same process; counters
 * that fall, and processes that changed, start anew instead of yielding a number.
 */
@NullMarked
package io.drover.hostagent.demand;

import org.jspecify.annotations.NullMarked;
