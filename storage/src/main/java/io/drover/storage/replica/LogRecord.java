package io.drover.storage.replica;

import java.nio.ByteBuffer;

/**
 * One record of a container's log.
 *
 * <p>{@code epoch} is that of the writer who first wrote the record; it stays the same when a later
 * holder copies the record to a replica that missed it. {@code data} holds {@code blockCount}
 * blocks between its position and its limit; nobody moves these (work on a duplicate), and the
 * bytes must not change while a call that carries them is under way.
 *
 * @param firstBlock first block inside the container
 * @param version version of the disk in which the blocks are written
 */
public record LogRecord(
    long epoch,
    long sequence,
    Kind kind,
    int firstBlock,
    int blockCount,
    int version,
    ByteBuffer data) {

  /** What a record does. */
  public enum Kind {
    /** Writes the blocks. */
    DATA,
    /** Makes the blocks zero; carries no data. */
    ZERO,
    /**
     * Touches no block: a holder's first record of its epoch, or what compaction left of a record
     * that is overwritten.
     */
    EPOCH_MARK
  }

  /** Most bytes of data in a record; larger writes are split by the caller. */
  public static final int MAX_DATA_BYTES = 2 << 20;

  /** Most blocks that one ZERO record may cover: a container of 1 GiB in blocks of 4 KiB. */
  public static final int MAX_BLOCKS = 1 << 18;

  private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0).asReadOnlyBuffer();

  public LogRecord {
    require(epoch >= 1, "epoch", epoch, "1 or more");
    require(sequence >= 1, "sequence", sequence, "1 or more");
    require(firstBlock >= 0, "firstBlock", firstBlock, "0 or more");
    require(version >= 0, "version", version, "0 or more");
    int bytes = data.remaining();
    boolean dataFits =
        switch (kind) {
          case DATA ->
              bytes > 0 && bytes <= MAX_DATA_BYTES && blockCount > 0 && bytes % blockCount == 0;
          case ZERO, EPOCH_MARK -> bytes == 0;
        };
    require(
        dataFits,
        "data bytes",
        bytes,
        "whole blocks, up to " + MAX_DATA_BYTES + " bytes, for DATA; else none");
    boolean countFits =
        switch (kind) {
          case DATA, ZERO -> blockCount >= 1 && blockCount <= MAX_BLOCKS;
          case EPOCH_MARK -> blockCount == 0;
        };
    require(countFits, "blockCount", blockCount, "1 to " + MAX_BLOCKS + ", for EPOCH_MARK 0");
    require(
        (long) firstBlock + blockCount <= Integer.MAX_VALUE,
        "firstBlock",
        firstBlock,
        "end below 2^31");
  }

  public static LogRecord data(
      long epoch, long sequence, int firstBlock, int blockCount, int version, ByteBuffer data) {
    return new LogRecord(epoch, sequence, Kind.DATA, firstBlock, blockCount, version, data);
  }

  public static LogRecord zero(
      long epoch, long sequence, int firstBlock, int blockCount, int version) {
    return new LogRecord(epoch, sequence, Kind.ZERO, firstBlock, blockCount, version, NO_DATA);
  }

  public static LogRecord epochMark(long epoch, long sequence) {
    return new LogRecord(epoch, sequence, Kind.EPOCH_MARK, 0, 0, 0, NO_DATA);
  }

  public LogPosition position() {
    return new LogPosition(epoch, sequence);
  }

  /** Bytes of one block of a DATA record; 0 for the other kinds. */
  public int blockSizeBytes() {
    return kind == Kind.DATA ? data.remaining() / blockCount : 0;
  }

  private static void require(boolean holds, String field, long value, String accepted) {
    if (!holds) {
      throw new IllegalArgumentException(
          "log record " + field + " " + value + ": accepted is " + accepted);
    }
  }
}
