/**
 * Replicated virtual disks: catalogue, controller, node store and the NBD front end.
 *
 * <p>Start with {@code disk} (what a disk is), then {@code attach} (how a host uses one), {@code
 * controller} (how writes and reads are replicated), {@code replica} and {@code store} (what a
 * storage node keeps) and {@code nbd} (how a VM reaches it). May use {@code io.drover.config};
 * knows nothing of hosts, VMs or scheduling.
 *
 * <p>Invariant: a write acknowledged to a guest is never lost while one in-sync replica survives,
 * and no two controllers ever have writes of one disk accepted at the same lease epoch.
 */
@NullMarked
package io.drover.storage;

import org.jspecify.annotations.NullMarked;
