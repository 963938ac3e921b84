package io.drover.storage.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Two slots of a few numbers each, written in place: a write needs no new room on the disk, and one
 * that is torn leaves the other slot whole.
 */
final class SlotFile implements Closeable {
  static final int SLOTS = 2;
  private static final int SLOT_BYTES = 4096;
  private static final int WORDS = 4;
  private static final int USED_BYTES = 16 + 8 * WORDS;
  private static final long MAGIC = 0x44_72_6f_76_53_6c_6f_74L; // DrovSlot

  private final StoreFile file;

  SlotFile(StoreFile file) {
    this.file = file;
  }

  /** Gives a new file its room; both slots are unreadable until they are written. */
  void allocate() throws IOException {
    file.write(ByteBuffer.allocate(SLOTS * SLOT_BYTES), 0);
  }

  /** Writes a slot durably. */
  void write(int slot, long a, long b, long c, long d) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES);
    bytes.putLong(MAGIC).putLong(a).putLong(b).putLong(c).putLong(d);
    bytes.putInt(Checksum.of(bytes.slice(0, USED_BYTES - 8))).putInt(0);
    file.write(bytes.flip(), (long) slot * SLOT_BYTES);
    file.force();
  }

  /** What was written last; null when that cannot be told. */
  long @Nullable [] read(int slot) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(USED_BYTES);
    try {
      file.read(bytes, (long) slot * SLOT_BYTES);
    } catch (EOFException e) {
      return null; // shorter than it was made: as unreadable as any other damage
    }
    boolean matches =
        bytes.getLong(0) == MAGIC
            && bytes.getInt(USED_BYTES - 8) == Checksum.of(bytes.slice(0, USED_BYTES - 8));
    if (!matches) {
      return null;
    }
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = bytes.getLong(8 + 8 * i);
    }
    return words;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
