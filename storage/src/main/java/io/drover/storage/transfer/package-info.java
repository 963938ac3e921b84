/**
 * Copies between image files (raw, qcow2, ...) and attached disks.
 *
 * <p>{@link io.drover.storage.transfer.ImageTransfer} lets {@code qemu-img}, which knows the
 * formats and skips what is not allocated, copy through a disk's NBD export; so it runs wherever
 * the file is, and needs no more of the store than a URI. May use the JDK and Jackson; knows
 * neither disks nor leases.
 *
 * <p>Invariant: a copy that failed or was cancelled leaves no process and no file behind, and one
 * that succeeded is whole: damaged images are refused, and files appear under their name only when
 * they are complete and on the medium.
 */
@NullMarked
package io.drover.storage.transfer;

import org.jspecify.annotations.NullMarked;
