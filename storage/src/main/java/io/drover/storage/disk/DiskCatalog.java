package io.drover.storage.disk;

import java.util.List;

/**
 * The disks of the cluster, kept in ZooKeeper.
 *
 * <p>Operations that must be ordered with the disk's writes fail with {@link
 * DiskException.HeldElsewhere} while some node holds the lease; that node offers them on its
 * attachment.
 */
public interface DiskCatalog {
  /** Creates a disk that reads as zeroes and chooses storage nodes for its containers. */
  Disk create(NewDisk request) throws DiskException;

  Disk get(String nameOrId) throws DiskException;

  /** All disks by name, with their lease and replica state. */
  List<DiskStatus> list() throws DiskException;

  DiskStatus status(String nameOrId) throws DiskException;

  /** Grows a disk that nobody holds; shrinking is refused. */
  Disk resize(String nameOrId, long sizeBytes) throws DiskException;

  /** Deletes a disk that nobody holds and under which no clone hangs. */
  void delete(String nameOrId) throws DiskException;

  /** Seals the current version of a disk that nobody holds. */
  Disk snapshot(String nameOrId, String snapshotName) throws DiskException;

  /** Makes the current content that of a snapshot; the snapshot and its siblings stay. */
  Disk revert(String nameOrId, String snapshotName) throws DiskException;

  /** Makes a disk whose content is a snapshot's; nothing is copied. */
  Disk clone(String nameOrId, String snapshotName, String newName) throws DiskException;

  /** Forgets a snapshot that no clone needs. */
  Disk deleteSnapshot(String nameOrId, String snapshotName) throws DiskException;
}
