package io.drover.storage.version;

import io.drover.storage.disk.DiskId;
import java.util.List;

/**
 * Where a clone's tree hangs: what the clone never wrote is read from this snapshot.
 *
 * @param disk the disk that was cloned
 * @param version the snapshot's version in that disk's tree
 * @param sealedSequences per container of that disk, the last sequence that belongs to the
 *     snapshot; a replica that has less must refuse to serve a read through this link
 */
public record CloneOrigin(DiskId disk, int version, List<Long> sealedSequences) {
  public CloneOrigin {
    if (version < VersionTree.FIRST_VERSION) {
      throw new IllegalArgumentException(
          "version is " + version + ", must be at least " + VersionTree.FIRST_VERSION);
    }
    sealedSequences = List.copyOf(sealedSequences);
  }
}
