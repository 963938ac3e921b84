/**
 * What the rest of Drover may ask of a hypervisor, in words that fit any of them.
 *
 * <p>Uses the VM descriptions and the identity of disks; holds no implementation. The invariant it
 * guards: a VM handed out here belongs to exactly one process on this machine, and a VM that
 * arrives by migration does not run before {@link
 * io.drover.hostagent.hypervisor.RunningVm#resume()}.
 */
@NullMarked
package io.drover.hostagent.hypervisor;

import org.jspecify.annotations.NullMarked;
