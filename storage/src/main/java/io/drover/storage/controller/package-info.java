/**
 * The replicated disk: one controller per disk and lease, which gives every write its place in a
 * container's log and keeps the log equal on all in-sync replicas.
 *
 * <p>Read it in this order: {@link io.drover.storage.controller.DiskController} (a disk as a block
 * device), {@code ContainerController} (one container: ranges and blocks), {@code ReplicatedLog}
 * (the log: order, acknowledgement), {@code LogFlush}, {@code ContainerOpening} (recovery by a new
 * holder), {@code MemberKeeper} (who is in sync, and how a replica comes back). What is decided is
 * decided by the pure {@code AckRule}, {@code MembershipRule} and {@code RecoveryRule}.
 *
 * <p>May use {@code replica}, {@code meta}'s interface, {@code disk}, {@code version} and {@code
 * block}; knows neither NBD nor how replicas store. Code here blocks and runs on virtual threads.
 *
 * <p>Invariant: a write is acknowledged only when every in-sync member has it and this holder's
 * lease was confirmed within the lease interval; and the in-sync set in the metadata changes before
 * anything is acknowledged that the old set does not hold.
 */
@NullMarked
package io.drover.storage.controller;

import org.jspecify.annotations.NullMarked;
