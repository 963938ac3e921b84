package io.drover.storage.disk;

/** The one rule for sizes of disks. */
final class Sizes {
  /** 64 TiB: keeps the container count, and with it the metadata of one disk, bounded. */
  static final long MAX_BYTES = 64L << 40;

  /** Containers of one disk are created in one ZooKeeper transaction, which has a size limit. */
  static final int MAX_CONTAINERS = 4096;

  private Sizes() {}

  static void check(long sizeBytes, DiskPolicy policy) {
    if (sizeBytes <= 0 || sizeBytes > MAX_BYTES || sizeBytes % policy.blockSizeBytes() != 0) {
      throw new IllegalArgumentException(
          "disk size is "
              + sizeBytes
              + " bytes, want a positive multiple of the block size ("
              + policy.blockSizeBytes()
              + ") up to 64 TiB");
    }
    if (sizeBytes / policy.containerBytes() >= MAX_CONTAINERS) {
      throw new IllegalArgumentException(
          "disk size is "
              + sizeBytes
              + " bytes, want at most "
              + MAX_CONTAINERS
              + " containers of "
              + policy.containerBytes()
              + " bytes; choose larger containers");
    }
  }
}
