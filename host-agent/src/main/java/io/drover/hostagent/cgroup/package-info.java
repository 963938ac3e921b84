/**
 * Holds a host's VMs to the CPU that the host offers, by a cgroup.
 *
 * <p>Uses the cgroup file system alone, version 1 or 2, whichever has the {@code cpu} controller.
 * The invariant it guards: only threads that run guest code are held. The rest of a hypervisor
 * process (disks, network, the copying of a migration) must go on while its guest has used up its
 * share, or an overloaded host could not be relieved.
 */
@NullMarked
package io.drover.hostagent.cgroup;

import org.jspecify.annotations.NullMarked;
