package io.drover.predictor.history;

import java.util.zip.CRC32C;

/**
 * One history as bytes, to be kept in a file or sent to another machine.
 *
 * <p>Three sections follow each other: a header (magic, version, shape), the figures that are kept
 * once, and the slots, fine ones first. Each ends with the CRC-32C of its bytes, so that what is
 * damaged can be named. Numbers are big-endian.
 */
public final class HistorySnapshot {
  private static final int MAGIC = 0x44524853;
  private static final int VERSION = 1;
  private static final int HEADER = 4 + 4 + 8 + 4 + 4 + 4;
  private static final int CRC = 4;

  private HistorySnapshot() {}

  /** The history of one series. */
  public static byte[] take(HistoryBank bank, int row) {
    HistoryShape shape = bank.shape();
    Bytes out = new Bytes(new byte[size(shape)]);
    out.putInt(MAGIC);
    out.putInt(VERSION);
    out.putLong(shape.interval().toMillis());
    out.putInt(shape.fineSlots());
    out.putInt(shape.slotsPerCoarse());
    out.putInt(shape.coarseSlots());
    out.seal(0);
    int from = out.at;
    bank.writeScalars(row, out);
    out.seal(from);
    from = out.at;
    bank.writeSlots(row, out);
    out.seal(from);
    return out.bytes;
  }

  /** Puts a history in place of that of a series; nothing is changed when it cannot be used. */
  public static void restore(byte[] snapshot, HistoryBank bank, int row) throws SnapshotException {
    Bytes in = new Bytes(snapshot);
    HistoryShape shape = bank.shape();
    if (snapshot.length < HEADER + CRC || in.getInt() != MAGIC) {
      throw new SnapshotException("this is no history snapshot");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new SnapshotException(
          "the snapshot has version " + version + "; this release reads " + VERSION);
    }
    in.check(0, HEADER, "header");
    long millis = in.getLong();
    int fine = in.getInt();
    int per = in.getInt();
    int coarse = in.getInt();
    if (millis != shape.interval().toMillis()
        || fine != shape.fineSlots()
        || per != shape.slotsPerCoarse()
        || coarse != shape.coarseSlots()) {
      throw new SnapshotException(
          "the snapshot has %d + %d slots of %d ms, %d to a coarse one; kept are %s"
              .formatted(fine, coarse, millis, per, shape));
    }
    if (snapshot.length != size(shape)) {
      throw new SnapshotException(
          "the snapshot has " + snapshot.length + " bytes; expected " + size(shape));
    }
    int scalars = HEADER + CRC;
    int slots = scalars + HistoryBank.SCALAR_BYTES + CRC;
    in.check(scalars, HistoryBank.SCALAR_BYTES, "figures");
    in.check(slots, snapshot.length - CRC - slots, "slots");
    in.at = scalars;
    bank.readScalars(row, in);
    in.at = slots;
    bank.readSlots(row, in);
  }

  private static int size(HistoryShape shape) {
    return HEADER
        + HistoryBank.SCALAR_BYTES
        + 2 * (shape.fineSlots() + shape.coarseSlots())
        + 3 * CRC;
  }

  /** A place in an array of bytes. */
  static final class Bytes {
    private final byte[] bytes;
    private int at;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    void putShort(short value) {
      bytes[at++] = (byte) (value >> 8);
      bytes[at++] = (byte) value;
    }

    void putInt(int value) {
      putShort((short) (value >> 16));
      putShort((short) value);
    }

    void putLong(long value) {
      putInt((int) (value >> 32));
      putInt((int) value);
    }

    short getShort() {
      int high = bytes[at++];
      int low = bytes[at++] & 0xff;
      return (short) ((high << 8) | low);
    }

    int getInt() {
      int high = getShort();
      int low = getShort() & 0xffff;
      return (high << 16) | low;
    }

    long getLong() {
      long high = getInt();
      long low = getInt() & 0xffff_ffffL;
      return (high << 32) | low;
    }

    private void seal(int from) {
      putInt(crc(from, at - from));
    }

    private void check(int from, int count, String what) throws SnapshotException {
      int back = at;
      at = from + count;
      int expected = getInt();
      at = back;
      if (expected != crc(from, count)) {
        throw new SnapshotException(
            "the snapshot's " + what + " are damaged: their checksum does not match");
      }
    }

    private int crc(int from, int count) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, from, count);
      return (int) crc.getValue();
    }
  }
}
