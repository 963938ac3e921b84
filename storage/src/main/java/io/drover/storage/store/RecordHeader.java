package io.drover.storage.store;

import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.LogRecord.Kind;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the data of a record in a segment.
 *
 * <pre>
 *   0  magic          4
 *   4  checksum       4  over bytes 8.. of the header and the table, bound to container and segment
 *   8  kind           4
 *  12  version        4
 *  16  epoch          8
 *  24  sequence       8
 *  32  first block    4
 *  36  block count    4
 *  40  block size     4  bytes; 0 without data
 *  44  (zero)         4
 *  48  table             DATA only: the CRC32C of each block, 4 bytes each
 *  ..  data              DATA only
 * </pre>
 *
 * All numbers are big-endian.
 */
record RecordHeader(
    Kind kind,
    long epoch,
    long sequence,
    int firstBlock,
    int blockCount,
    int version,
    int blockSizeBytes) {
  static final int BYTES = 48;
  private static final int MAGIC = 0x44_72_52_31; // DrR1
  private static final int CHECKED_FROM = 8;

  static RecordHeader of(LogRecord r) {
    return new RecordHeader(
        r.kind(),
        r.epoch(),
        r.sequence(),
        r.firstBlock(),
        r.blockCount(),
        r.version(),
        r.blockSizeBytes());
  }

  /** Header and table. */
  int prefixBytes() {
    return BYTES + (kind == Kind.DATA ? 4 * blockCount : 0);
  }

  int dataBytes() {
    return blockCount * blockSizeBytes;
  }

  int totalBytes() {
    return prefixBytes() + dataBytes();
  }

  /** Writes header and table at the buffer's position. */
  void encode(ByteBuffer target, int[] blockChecksums, long salt, long segment) {
    int at = target.position();
    target
        .putInt(MAGIC)
        .putInt(0)
        .putInt(code(kind))
        .putInt(version)
        .putLong(epoch)
        .putLong(sequence)
        .putInt(firstBlock)
        .putInt(blockCount)
        .putInt(blockSizeBytes)
        .putInt(0);
    for (int checksum : blockChecksums) {
      target.putInt(checksum);
    }
    int checked = prefixBytes() - CHECKED_FROM;
    target.putInt(at + 4, Checksum.bound(salt, segment, target.slice(at + CHECKED_FROM, checked)));
  }

  /**
   * Reads the header at a position, where {@link #BYTES} bytes must be; null when it cannot be one.
   * Its checksum is still to be looked at: by {@link #matches}, once the table is there too.
   */
  static @Nullable RecordHeader decode(ByteBuffer source, int at) {
    Kind kind = kind(source.getInt(at + 8));
    if (source.getInt(at) != MAGIC || kind == null) {
      return null;
    }
    RecordHeader header =
        new RecordHeader(
            kind,
            source.getLong(at + 16),
            source.getLong(at + 24),
            source.getInt(at + 32),
            source.getInt(at + 36),
            source.getInt(at + 12),
            source.getInt(at + 40));
    return header.isPossible() ? header : null;
  }

  private boolean isPossible() {
    boolean sizes =
        switch (kind) {
          case DATA ->
              blockCount >= 1
                  && blockCount <= LogRecord.MAX_BLOCKS
                  && blockSizeBytes >= 1
                  && (long) blockCount * blockSizeBytes <= LogRecord.MAX_DATA_BYTES;
          case ZERO -> blockCount >= 1 && blockCount <= LogRecord.MAX_BLOCKS && blockSizeBytes == 0;
          case EPOCH_MARK -> blockCount == 0 && blockSizeBytes == 0;
        };
    return sizes
        && epoch >= 1
        && sequence >= 1
        && version >= 0
        && firstBlock >= 0
        && (long) firstBlock + blockCount <= Integer.MAX_VALUE;
  }

  /** Whether header and table at that position are what was written. */
  boolean matches(ByteBuffer source, int at, long salt, long segment) {
    ByteBuffer checked = source.slice(at + CHECKED_FROM, prefixBytes() - CHECKED_FROM);
    return source.getInt(at + 4) == Checksum.bound(salt, segment, checked);
  }

  /** The kept checksum of the record's i-th block. */
  static int blockChecksum(ByteBuffer source, int at, int i) {
    return source.getInt(at + BYTES + 4 * i);
  }

  /** 1 to 3. */
  static int code(Kind kind) {
    return switch (kind) {
      case DATA -> 1;
      case ZERO -> 2;
      case EPOCH_MARK -> 3;
    };
  }

  static Kind kindOf(int code) {
    Kind kind = kind(code);
    if (kind == null) {
      throw new IllegalArgumentException("record kind " + code + ": accepted are 1 to 3");
    }
    return kind;
  }

  private static @Nullable Kind kind(int code) {
    return switch (code) {
      case 1 -> Kind.DATA;
      case 2 -> Kind.ZERO;
      case 3 -> Kind.EPOCH_MARK;
      default -> null;
    };
  }
}
