/**
 * The hypervisor interfaces carried out with QEMU, driven over QMP.
 *
 * <p>Uses {@code hypervisor}, {@code vm}, {@code process}, {@code network} and {@code cgroup}.
 * Start at {@link io.drover.hostagent.qemu.QemuDriver}; {@code QemuCommandLine} says how a machine
 * is built, {@code QemuMonitor} how one is talked to, {@code QemuMigration} how one leaves.
 *
 * <p>Guards these invariants: no guest instruction runs before its process is on record, so that a
 * later daemon finds every one of them; and no command or signal goes to a process that is not the
 * recorded one.
 */
@NullMarked
package io.drover.hostagent.qemu;

import org.jspecify.annotations.NullMarked;
