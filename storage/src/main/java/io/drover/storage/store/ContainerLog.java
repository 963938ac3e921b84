package io.drover.storage.store;

import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container knows of its log in memory: segments, epochs, and which record holds which
 * block. Does no I/O; guarded by the lock of its container.
 */
final class ContainerLog {
  private final List<Segment> segments = new ArrayList<>();
  private final EpochTable epochs = new EpochTable();
  private final BlockIndex index = new BlockIndex();
  private LogPosition last = LogPosition.EMPTY;

  LogPosition last() {
    return last;
  }

  EpochTable epochs() {
    return epochs;
  }

  BlockIndex index() {
    return index;
  }

  List<Segment> segments() {
    return segments;
  }

  /** The segment that takes the next record, if the last one still may. */
  @Nullable Segment open() {
    Segment tail = segments.isEmpty() ? null : segments.getLast();
    return tail == null || tail.isCompacted() ? null : tail;
  }

  void add(Segment segment) {
    segments.add(segment);
  }

  /** Puts a compacted segment in the place of what it was made from. */
  void replace(Segment old, Segment made) {
    made.inherit(old);
    segments.set(segments.indexOf(old), made);
  }

  /** Enters a record that lies at the end of the last segment. */
  void publish(Segment segment, RecordHeader header, int offset) {
    segment.add(header, offset);
    epochs.note(header.epoch(), header.sequence());
    last = new LogPosition(header.epoch(), header.sequence());
    index(segment, segment.count() - 1, header);
  }

  /** Enters a compacted segment whose records are in: it reaches to a sequence that is gone. */
  void seal(Segment segment, long lastSequence) {
    segment.compactedUpTo(lastSequence);
    last = new LogPosition(last.epoch(), lastSequence);
  }

  private void index(Segment segment, int at, RecordHeader header) {
    if (header.kind() == Kind.EPOCH_MARK) {
      return;
    }
    segment.enliven(at, header.blockCount());
    for (int i = 0; i < header.blockCount(); i++) {
      long replaced = index.put(header.firstBlock() + i, header.version(), header.sequence());
      if (replaced != 0) {
        Segment loser = segmentOf(replaced);
        loser.loseBlock(loser.indexOf(replaced), header.sequence());
      }
    }
  }

  /** The segment to which a sequence of this log belongs. */
  Segment segmentOf(long sequence) {
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).firstSequence <= sequence) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return segments.get(low);
  }

  /** Whether the log holds that position; {@link LogPosition#EMPTY} it always does. */
  boolean holds(LogPosition position) {
    return position.sequence() <= last.sequence()
        && epochs.epochOf(position.sequence()) == position.epoch();
  }

  /** Forgets what follows a position that the log holds; the files are the caller's business. */
  void cutAfter(LogPosition position) {
    while (!segments.isEmpty() && segments.getLast().firstSequence > position.sequence()) {
      segments.removeLast();
    }
    if (!segments.isEmpty()) {
      segments.getLast().cutAfter(position.sequence());
    }
    epochs.cutAfter(position.sequence());
    last = position;
    reindex();
  }

  private void reindex() {
    index.clear();
    segments.forEach(Segment::forgetLiveness);
    for (Segment segment : segments) {
      for (int i = 0; i < segment.count(); i++) {
        index(segment, i, segment.headerAt(i, 0));
      }
    }
  }
}
