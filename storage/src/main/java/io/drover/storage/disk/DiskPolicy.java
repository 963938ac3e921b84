package io.drover.storage.disk;

/**
 * What an administrator promises about a disk's data.
 *
 * @param replicas copies of each container, on distinct nodes, 1 to 7
 * @param minInSync writes wait rather than be kept by fewer in-sync copies than this, 1 to replicas
 * @param blockSizeBytes unit of checksums and versions, a power of two from 512 to 65,536
 * @param containerBytes unit of placement, a multiple of the block size from 1 MiB to 64 GiB
 * @param acknowledge when a write is acknowledged
 */
public record DiskPolicy(
    int replicas, int minInSync, int blockSizeBytes, long containerBytes, Acknowledge acknowledge) {
  private static final long MEBIBYTE = 1L << 20;

  public DiskPolicy {
    require(replicas >= 1 && replicas <= 7, "replicas", replicas, "1 to 7");
    require(minInSync >= 1 && minInSync <= replicas, "min-in-sync", minInSync, "1 to " + replicas);
    require(
        blockSizeBytes >= 512 && blockSizeBytes <= 65_536 && Integer.bitCount(blockSizeBytes) == 1,
        "block-size",
        blockSizeBytes,
        "a power of two from 512 to 65536 bytes");
    require(
        containerBytes >= MEBIBYTE
            && containerBytes <= 65_536 * MEBIBYTE
            && containerBytes % blockSizeBytes == 0,
        "container-size",
        containerBytes,
        "a multiple of the block size from 1 MiB to 64 GiB");
  }

  /** The policy for a replica count: a majority must be in sync, 4 KiB blocks, 1 GiB containers. */
  public static DiskPolicy replicated(int replicas) {
    return new DiskPolicy(
        replicas, replicas / 2 + 1, 4096, 1024 * MEBIBYTE, Acknowledge.PAGE_CACHE);
  }

  /** Blocks in a full container. */
  public int blocksPerContainer() {
    return Math.toIntExact(containerBytes / blockSizeBytes);
  }

  /** Containers that hold a disk of the given size; the last may be partly used. */
  public int containersFor(long sizeBytes) {
    return Math.toIntExact((sizeBytes + containerBytes - 1) / containerBytes);
  }

  private static void require(boolean holds, String field, long value, String accepted) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + ", want " + accepted);
    }
  }
}
