package io.drover.storage.meta;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;

/**
 * Snapshots a disk that nobody holds, by holding it for as long as that takes: a snapshot is
 * complete only once the replicas have said what belongs to it.
 */
@FunctionalInterface
public interface OfflineSnapshots {
  Disk snapshot(DiskId disk, String name) throws DiskException;
}
