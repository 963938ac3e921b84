package io.drover.storage.store;

import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.LogRecord.Kind;
import io.drover.storage.replica.ReplicaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the room of records that were overwritten: a full segment of which at least half is
 * such is written anew without them, and takes the place of the old one by a rename.
 *
 * <p>A record may go only when everything that overwrote it is committed (on every in-sync replica)
 * and durable here: whatever the log is cut to afterwards, it is not needed again. Where an epoch
 * begins a mark stays, so that positions can still be compared. One segment after the other; runs
 * beside appends, reads and flushes.
 */
final class Compaction {
  private static final Logger logger = LoggerFactory.getLogger(Compaction.class);
  private static final String DRAFT = ".draft";

  /** How often at most a container is looked at. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final Container container;
  private final ContainerReader reader;
  private final AtomicBoolean awaited = new AtomicBoolean();
  private volatile long lookedAtNanos = System.nanoTime();
  private volatile boolean stopped;

  Compaction(Container container, ContainerReader reader) {
    this.container = container;
    this.reader = reader;
  }

  /** Removes what a crash left of a compaction. */
  static void removeDrafts(Path directory, Medium medium) throws IOException {
    for (Path path : Medium.list(directory)) {
      if (path.toString().endsWith(DRAFT)) {
        medium.delete(path);
      }
    }
  }

  /**
   * A segment to be written anew.
   *
   * @param kept what becomes of each of its records
   */
  private record Plan(Segment segment, List<Kept> kept) {}

  /**
   * A record that stays.
   *
   * @param offset where it is now
   * @param asMark whether only the mark of its epoch's begin stays
   */
  private record Kept(RecordHeader header, int offset, boolean asMark) {
    RecordHeader after() {
      return asMark
          ? RecordHeader.of(LogRecord.epochMark(header.epoch(), header.sequence()))
          : header;
    }
  }

  /** Whether {@link #run} is to be called now; says so once until that was done. */
  boolean isWanted() {
    long now = System.nanoTime();
    if (awaited.get() || now - lookedAtNanos < PAUSE_NANOS) {
      return false;
    }
    lookedAtNanos = now;
    return plan() != null && awaited.compareAndSet(false, true);
  }

  /** Begins no further segment. */
  void stop() {
    stopped = true;
  }

  /** Compacts what is worth it; a failure leaves everything as it was. */
  void run() {
    container.editLock.lock();
    try {
      for (Plan plan = plan(); plan != null; plan = plan()) {
        if (!carryOut(plan)) {
          return;
        }
      }
    } finally {
      container.editLock.unlock();
      awaited.set(false);
    }
  }

  private @Nullable Plan plan() {
    container.lock.lock();
    try {
      if (stopped || !container.health.isWhole()) {
        return null;
      }
      long limit = container.reclaimable();
      for (Segment segment : container.log.segments()) {
        boolean full = segment.isCompacted() || !segment.equals(container.log.open());
        if (full
            && !segment.dirty
            && segment.lastSequence() <= limit
            && isWorthIt(segment, limit)) {
          return new Plan(segment, kept(segment, limit));
        }
      }
      return null;
    } finally {
      container.lock.unlock();
    }
  }

  private static boolean isWorthIt(Segment segment, long limit) {
    int records = segment.endBytes() - SegmentHeader.BYTES;
    if (segment.unreadable || segment.deadBytes() < Math.max(1, records / 2)) {
      return false;
    }
    int reclaimable = 0;
    for (int i = 0; i < segment.count(); i++) {
      if (isOver(segment, i, limit)) {
        reclaimable += segment.headerAt(i, 0).totalBytes();
      }
    }
    return reclaimable >= Math.max(1, records / 2);
  }

  private static boolean isOver(Segment segment, int i, long limit) {
    return segment.liveAt(i) == 0 && segment.deadByAt(i) > 0 && segment.deadByAt(i) <= limit;
  }

  private List<Kept> kept(Segment segment, long limit) {
    EpochTable epochs = container.log.epochs();
    List<Kept> kept = new ArrayList<>();
    for (int i = 0; i < segment.count(); i++) {
      long sequence = segment.sequenceAt(i);
      RecordHeader header = segment.headerAt(i, epochs.epochOf(sequence));
      boolean isStart = epochs.isStart(sequence);
      boolean over = header.kind() == Kind.EPOCH_MARK ? !isStart : isOver(segment, i, limit);
      if (!over || isStart) {
        kept.add(new Kept(header, segment.offsetAt(i), over));
      }
    }
    return kept;
  }

  private boolean carryOut(Plan plan) {
    Segment old = plan.segment;
    Medium medium = container.pool.medium();
    Path path = old.file.path();
    Path draft = path.resolveSibling(path.getFileName() + DRAFT);
    try {
      medium.delete(draft);
      Segment made;
      try (StoreFile file = medium.create(draft)) {
        made = write(plan, file, medium.file(path));
      }
      if (made == null) {
        medium.delete(draft);
        return true;
      }
      medium.rename(draft, path);
      container.replace(old, made);
      old.file.close();
      int freed = old.endBytes() - made.endBytes();
      container.pool.metrics().reclaimedBytes.inc(freed);
      logger
          .atInfo()
          .addKeyValue("node", container.pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("file", path.getFileName())
          .addKeyValue("bytes", made.endBytes())
          .addKeyValue("former", old.endBytes())
          .log("segment compacted");
      return true;
    } catch (IOException | ReplicaException e) {
      logger
          .atWarn()
          .addKeyValue("node", container.pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("file", path.getFileName())
          .addKeyValue("cause", e.toString())
          .log("segment not compacted");
      return false;
    }
  }

  /** Null when a record that has to stay is not whole: it is left for its repair. */
  private @Nullable Segment write(Plan plan, StoreFile draft, StoreFile later)
      throws IOException, ReplicaException {
    Segment old = plan.segment;
    Segment made = new Segment(later, old.firstSequence);
    for (Kept kept : plan.kept) {
      int at = made.endBytes();
      RecordHeader after = kept.after();
      ByteBuffer bytes;
      if (kept.asMark) {
        bytes = ByteBuffer.allocate(after.totalBytes());
        after.encode(bytes, new int[0], container.salt(), old.firstSequence);
        bytes.flip();
      } else {
        ByteBuffer whole = reader.whole(old, kept.offset, kept.header);
        if (whole == null) {
          old.unreadable = true;
          return null;
        }
        bytes = whole;
      }
      draft.write(bytes, at);
      made.add(after, at);
    }
    long last = old.lastSequence();
    made.compactedUpTo(last);
    SegmentHeader header = new SegmentHeader(old.firstSequence, last, made.endBytes());
    draft.write(header.encode(container.salt()), 0);
    draft.force();
    return made;
  }
}
