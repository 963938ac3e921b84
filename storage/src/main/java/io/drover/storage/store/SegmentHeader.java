package io.drover.storage.store;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment.
 *
 * @param lastSequence 0, or that of a compacted segment: sequences that are not found in it up to
 *     this one were overwritten
 * @param lengthBytes of a compacted segment, so that a lost end is noticed; else 0
 */
record SegmentHeader(long firstSequence, long lastSequence, long lengthBytes) {
  static final int BYTES = 64;
  private static final long MAGIC = 0x44_72_6f_76_53_65_67_31L; // DrovSeg1

  boolean isCompacted() {
    return lastSequence > 0;
  }

  ByteBuffer encode(long salt) {
    ByteBuffer target = ByteBuffer.allocate(BYTES);
    target.putLong(MAGIC).putLong(firstSequence).putLong(lastSequence).putLong(lengthBytes);
    int checksum = Checksum.bound(salt, firstSequence, target.slice(0, BYTES - 4));
    return target.putInt(BYTES - 4, checksum).clear();
  }

  /** Null when these bytes are no header of this container's segment. */
  static @Nullable SegmentHeader decode(ByteBuffer source, long salt) {
    SegmentHeader header =
        new SegmentHeader(source.getLong(8), source.getLong(16), source.getLong(24));
    int checksum = Checksum.bound(salt, header.firstSequence, source.slice(0, BYTES - 4));
    boolean matches = source.getLong(0) == MAGIC && source.getInt(BYTES - 4) == checksum;
    return matches ? header : null;
  }
}
