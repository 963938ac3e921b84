package io.drover.storage.store;

import java.io.Closeable;
import java.io.IOException;

/**
 * The highest epoch that a container has answered to, kept twice: forgetting it would let a fenced
 * writer in again.
 *
 * <p>Also holds the container's salt, a random number that binds segments and records to it.
 */
final class EpochFile implements Closeable {
  static final String NAME = "epoch";

  private final SlotFile slots;
  private final long salt;
  private long epoch;

  private EpochFile(SlotFile slots, long salt, long epoch) {
    this.slots = slots;
    this.salt = salt;
    this.epoch = epoch;
  }

  static EpochFile create(StoreFile file, long salt, long epoch) throws IOException {
    SlotFile slots = new SlotFile(file);
    slots.allocate();
    EpochFile made = new EpochFile(slots, salt, epoch);
    made.raise(epoch);
    return made;
  }

  /**
   * @throws UnreadableException when neither copy is whole
   */
  static EpochFile open(StoreFile file) throws IOException {
    SlotFile slots = new SlotFile(file);
    long salt = 0;
    long epoch = -1;
    boolean repair = false;
    for (int slot = 0; slot < SlotFile.SLOTS; slot++) {
      long[] words = slots.read(slot);
      if (words == null || (epoch >= 0 && words[1] != epoch)) {
        repair = true;
      }
      if (words != null && words[1] > epoch) {
        salt = words[0];
        epoch = words[1];
      }
    }
    if (epoch < 0) {
      throw new UnreadableException("epoch in " + file.path() + " is unreadable");
    }
    EpochFile opened = new EpochFile(slots, salt, epoch);
    if (repair) {
      opened.raise(epoch);
    }
    return opened;
  }

  long salt() {
    return salt;
  }

  long epoch() {
    return epoch;
  }

  /** Durable when it returns. */
  void raise(long to) throws IOException {
    for (int slot = 0; slot < SlotFile.SLOTS; slot++) {
      slots.write(slot, salt, to, 0, 0);
    }
    epoch = to;
  }

  @Override
  public void close() throws IOException {
    slots.close();
  }
}
