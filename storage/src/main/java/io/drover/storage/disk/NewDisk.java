package io.drover.storage.disk;

/**
 * A request for a disk that does not exist yet.
 *
 * @param sizeBytes a positive multiple of the policy's block size
 */
public record NewDisk(String name, long sizeBytes, DiskPolicy policy) {
  public NewDisk {
    DiskNames.check("disk name", name);
    Sizes.check(sizeBytes, policy);
  }
}
