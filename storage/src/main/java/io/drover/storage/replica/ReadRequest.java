package io.drover.storage.replica;

/**
 * Reads blocks as they are seen from a version.
 *
 * @param versionPath the versions from the wanted one to the root of the disk's tree, strictly
 *     descending; of each block the newest on it is read
 * @param sealedSequence 0, or the last sequence of the snapshot that is read: a replica that is
 *     behind it refuses
 */
@SuppressWarnings("ArrayRecordComponent") // a path is short, hot and never compared
public record ReadRequest(
    ContainerId container,
    long epoch,
    int firstBlock,
    int blockCount,
    int blockSizeBytes,
    int[] versionPath,
    long sealedSequence) {

  /** Longest accepted path. */
  public static final int MAX_PATH = 1 << 16;

  public ReadRequest {
    if (firstBlock < 0 || blockCount < 1 || (long) firstBlock + blockCount > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "read of "
              + blockCount
              + " blocks at "
              + firstBlock
              + ": accepted are 1 or more, ending below 2^31");
    }
    if (blockSizeBytes < 1 || (long) blockCount * blockSizeBytes > LogRecord.MAX_DATA_BYTES) {
      throw new IllegalArgumentException(
          "read of "
              + blockCount
              + " blocks of "
              + blockSizeBytes
              + " bytes: accepted is up to "
              + LogRecord.MAX_DATA_BYTES
              + " bytes in all");
    }
    if (versionPath.length < 1 || versionPath.length > MAX_PATH) {
      throw new IllegalArgumentException(
          "version path of "
              + versionPath.length
              + ": accepted are 1 to "
              + MAX_PATH
              + " versions");
    }
    for (int i = 1; i < versionPath.length; i++) {
      if (versionPath[i] >= versionPath[i - 1]) {
        throw new IllegalArgumentException("version path: accepted is a strictly descending one");
      }
    }
  }
}
