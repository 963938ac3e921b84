package io.drover.storage.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C, as the store uses it. */
final class Checksum {
  private Checksum() {}

  /** Of the bytes between position and limit, which stay. */
  static int of(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /** Of bytes that are bound to one file, so that those of another one do not pass for them. */
  static int bound(long salt, long fileKey, ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(16).putLong(salt).putLong(fileKey).flip());
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /** One checksum for each block of the data. */
  static int[] ofBlocks(ByteBuffer data, int blockCount, int blockSizeBytes) {
    int[] result = new int[blockCount];
    CRC32C crc = new CRC32C();
    for (int i = 0; i < blockCount; i++) {
      crc.reset();
      crc.update(data.slice(data.position() + i * blockSizeBytes, blockSizeBytes));
      result[i] = (int) crc.getValue();
    }
    return result;
  }
}
