package io.drover.storage.store;

import io.drover.storage.replica.LogPosition;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where a container's log is durable.
 *
 * <p>Written after the fsync of the log and durable before the flush is answered. So a record up to
 * the mark that cannot be read is damage, while one beyond it may simply not have reached the disk.
 * The two slots are written in turn: the one being written is never the newest whole one.
 */
final class FlushMark implements Closeable {
  static final String NAME = "mark";
  private static final Logger log = LoggerFactory.getLogger(FlushMark.class);

  private final SlotFile slots;
  private long generation;
  private LogPosition position;

  private FlushMark(SlotFile slots, long generation, LogPosition position) {
    this.slots = slots;
    this.generation = generation;
    this.position = position;
  }

  static FlushMark create(StoreFile file) throws IOException {
    SlotFile slots = new SlotFile(file);
    slots.allocate();
    FlushMark mark = new FlushMark(slots, 0, LogPosition.EMPTY);
    for (int slot = 0; slot < SlotFile.SLOTS; slot++) {
      mark.write(LogPosition.EMPTY);
    }
    return mark;
  }

  /**
   * @throws UnreadableException when neither slot is whole
   */
  static FlushMark open(StoreFile file) throws IOException {
    SlotFile slots = new SlotFile(file);
    long generation = -1;
    LogPosition position = LogPosition.EMPTY;
    for (int slot = 0; slot < SlotFile.SLOTS; slot++) {
      long[] words = slots.read(slot);
      if (words == null) {
        log.atWarn()
            .addKeyValue("file", file.path())
            .addKeyValue("slot", slot)
            .log("flush mark slot unreadable, using the other one");
      } else if (words[0] > generation) {
        generation = words[0];
        position = new LogPosition(words[1], words[2]);
      }
    }
    if (generation < 0) {
      throw new UnreadableException("flush mark in " + file.path() + " is unreadable");
    }
    return new FlushMark(slots, generation, position);
  }

  LogPosition position() {
    return position;
  }

  /** Durable when it returns. */
  void write(LogPosition to) throws IOException {
    slots.write(
        (int) ((generation + 1) % SlotFile.SLOTS), generation + 1, to.epoch(), to.sequence(), 0);
    generation++;
    position = to;
  }

  @Override
  public void close() throws IOException {
    slots.close();
  }
}
