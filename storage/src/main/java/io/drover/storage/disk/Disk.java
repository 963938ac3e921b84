package io.drover.storage.disk;

import io.drover.storage.version.CloneOrigin;
import io.drover.storage.version.VersionTree;
import java.util.Optional;

/**
 * A virtual disk as its metadata describes it.
 *
 * @param name unique in the cluster, changeable
 * @param sizeBytes a multiple of the block size; it only grows
 * @param versions which version is written now and which can be read
 * @param origin for a clone, where blocks are read that it never wrote
 */
public record Disk(
    DiskId id,
    String name,
    long sizeBytes,
    DiskPolicy policy,
    VersionTree versions,
    Optional<CloneOrigin> origin) {

  public Disk {
    DiskNames.check("disk name", name);
    Sizes.check(sizeBytes, policy);
  }

  /** A new, empty disk. */
  public static Disk created(DiskId id, NewDisk request) {
    return new Disk(
        id,
        request.name(),
        request.sizeBytes(),
        request.policy(),
        VersionTree.initial(),
        Optional.empty());
  }

  public Disk withVersions(VersionTree newVersions) {
    return new Disk(id, name, sizeBytes, policy, newVersions, origin);
  }

  /** The disk with another size, which must not be smaller. */
  public Disk grownTo(long newSizeBytes) throws DiskException.Invalid {
    if (newSizeBytes < sizeBytes) {
      throw new DiskException.Invalid(
          "disk '"
              + name
              + "' has "
              + sizeBytes
              + " bytes and cannot shrink to "
              + newSizeBytes
              + "; copy it to a smaller disk instead");
    }
    try {
      return new Disk(id, name, newSizeBytes, policy, versions, origin);
    } catch (IllegalArgumentException e) {
      throw new DiskException.Invalid(String.valueOf(e.getMessage()));
    }
  }

  public int containers() {
    return policy.containersFor(sizeBytes);
  }
}
