/**
 * One machine's part of Drover: its virtual machines, what they demand, its end of a migration, and
 * its power switch.
 *
 * <p>Start at {@code hypervisor} (what can be done with a VM), then {@code qemu} (how). Uses the
 * disks of {@code io.drover.storage}; knows nothing of plans.
 */
@NullMarked
package io.drover.hostagent;

import org.jspecify.annotations.NullMarked;
