/**
 * What a virtual machine is, wherever it runs: its description, where it is placed, and the
 * catalogue that keeps both.
 *
 * <p>The catalogue lives in ZooKeeper through Curator; nothing here knows a hypervisor. The
 * invariant it guards: a name belongs to one VM, and a VM's placement changes only by
 * compare-and-set with a placement epoch that never falls, so that a host which missed a change can
 * be told apart from the host that owns the VM.
 */
@NullMarked
package io.drover.hostagent.vm;

import org.jspecify.annotations.NullMarked;
