/**
 * What must survive about disks, kept in ZooKeeper: identity and versions, the lease, and which
 * storage nodes keep each container.
 *
 * <p>Paths are relative to the client's chroot or namespace ({@code /drover}):
 *
 * <pre>
 * disks/ID                  the disk (JSON)          disk-names/NAME     its id
 * disks/ID/lease            {holder, epoch, token}   persistent: never lapses by itself
 * disks/ID/containers/N     {epoch, replicas, inSync}
 * storage-nodes/NODE        {address, port, bootId}  ephemeral
 * </pre>
 *
 * <p>May use Curator and {@code disk}, {@code version}; nothing outside this package touches
 * ZooKeeper.
 *
 * <p>Invariant: whatever a lease holder changes is one transaction that also checks the version of
 * the lease znode, so a holder that was replaced can change nothing; and no call reports an outcome
 * that it does not know.
 */
@NullMarked
package io.drover.storage.meta;

import org.jspecify.annotations.NullMarked;
