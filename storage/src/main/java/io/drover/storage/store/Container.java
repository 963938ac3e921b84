package io.drover.storage.store;

import static io.drover.storage.replica.ContainerState.Presence.PRESENT;

import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.Durable;
import io.drover.storage.replica.EpochStart;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaException;
import io.prometheus.client.Histogram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container on disk: admission by epoch, append, flush.
 *
 * <p>Four locks, always taken in this order: {@code editLock} by whoever changes what is in the log
 * (truncate, repair, compaction, removal); {@code syncLock} by whoever makes the log durable;
 * {@code appendLock} by whoever adds to it or raises the epoch; {@code lock} for what is in memory,
 * never held during I/O. Reads take the last one alone.
 *
 * <p>{@code generation} counts the changes that invalidate what a reader found in the index: it
 * repeats its read when that number moved while it read.
 */
final class Container {
  private static final Logger logger = LoggerFactory.getLogger(Container.class);

  final ContainerId id;
  final Path directory;
  final Pool pool;
  final ReentrantLock editLock = new ReentrantLock();
  final ReentrantLock syncLock = new ReentrantLock();
  final ReentrantLock appendLock = new ReentrantLock();
  final ReentrantLock lock = new ReentrantLock();
  final ContainerLog log;
  final FlushMark mark;
  private final EpochFile epochFile;
  private final Appender appender = new Appender(this);

  final Health health;
  private volatile long epoch;
  private volatile long durableSequence;
  private final AtomicLong generation = new AtomicLong();

  /** Segments were made whose names no fsync has covered. Guarded by {@code lock}. */
  private boolean namesDirty;

  /** Guarded by {@code lock}. */
  private long committedSequence;

  Container(
      ContainerId id,
      Path directory,
      Pool pool,
      EpochFile epochFile,
      FlushMark mark,
      Replay.Outcome replayed) {
    this.id = id;
    this.directory = directory;
    this.pool = pool;
    this.epochFile = epochFile;
    this.mark = mark;
    this.log = replayed.log();
    this.epoch = epochFile.epoch();
    this.durableSequence = Math.min(mark.position().sequence(), log.last().sequence());
    this.health = new Health(id, pool, replayed.damagedSequence());
    this.namesDirty = log.last().sequence() > mark.position().sequence();
  }

  long salt() {
    return epochFile.salt();
  }

  long generation() {
    return generation.get();
  }

  // ---- admission

  /** Refuses a lower epoch, makes a higher one durable. */
  void admit(long callerEpoch) throws ReplicaException {
    if (callerEpoch != epoch) {
      appendLock.lock();
      try {
        admitLocked(callerEpoch);
      } finally {
        appendLock.unlock();
      }
    }
    health.checkThere();
  }

  /** The same for a caller that has the append lock. */
  void admitLocked(long callerEpoch) throws ReplicaException {
    health.checkThere();
    if (callerEpoch < epoch) {
      pool.metrics().fenced.inc();
      throw new ReplicaException.Fenced(id, callerEpoch, epoch);
    }
    if (callerEpoch > epoch) {
      long former = epoch;
      try {
        epochFile.raise(callerEpoch);
      } catch (IOException e) {
        throw health.fail("raising the epoch", e);
      }
      epoch = callerEpoch;
      logger
          .atInfo()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", id)
          .addKeyValue("epoch", callerEpoch)
          .addKeyValue("former", former)
          .log("container fenced");
    }
  }

  // ---- calls

  ContainerState fence(long callerEpoch) throws ReplicaException {
    appendLock.lock(); // so that no record of a former epoch is added behind the answer
    try {
      admitLocked(callerEpoch);
      lock.lock();
      try {
        return state();
      } finally {
        lock.unlock();
      }
    } finally {
      appendLock.unlock();
    }
  }

  private ContainerState state() {
    LogPosition last = log.last();
    List<EpochStart> starts = log.epochs().newest();
    if (health.isEndUnknown() && mark.position().sequence() > last.sequence()) {
      // What lies behind the damage was durable: it must not look as if it had never been.
      if (mark.position().epoch() != last.epoch()) {
        starts = new ArrayList<>(starts);
        starts.add(new EpochStart(mark.position().epoch(), last.sequence() + 1));
      }
      last = mark.position();
    }
    int from = Math.max(0, starts.size() - ContainerState.MAX_EPOCH_STARTS);
    return new ContainerState(
        PRESENT,
        last,
        durableSequence,
        pool.bootId(),
        starts.subList(from, starts.size()),
        health.damagedSequence());
  }

  void append(AppendRequest request) throws ReplicaException {
    LogRecord record = request.record();
    RecordHeader header = RecordHeader.of(record);
    int[] checksums =
        record.kind() == LogRecord.Kind.DATA
            ? Checksum.ofBlocks(record.data(), record.blockCount(), record.blockSizeBytes())
            : new int[0];
    try (Histogram.Timer _ = pool.metrics().appendSeconds.startTimer()) {
      appendLock.lock();
      try {
        admitLocked(request.epoch());
        health.checkWritable();
        appender.append(request.record(), header, checksums);
        commit(request.committedSequence());
      } finally {
        appendLock.unlock();
      }
    }
    pool.metrics().appendedBytes.inc(header.dataBytes());
  }

  private void commit(long sequence) {
    lock.lock();
    try {
      committedSequence = Math.max(committedSequence, sequence);
    } finally {
      lock.unlock();
    }
  }

  /** Enters a record that the appender has written. */
  void publish(Segment segment, RecordHeader header, int at) {
    lock.lock();
    try {
      log.publish(segment, header, at);
      segment.dirty = true;
    } finally {
      lock.unlock();
    }
  }

  /** Enters a segment that the appender has made. */
  void publish(Segment segment) {
    lock.lock();
    try {
      log.add(segment);
      segment.dirty = true;
      namesDirty = true;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever gets the lock makes all durable that is there by then, also for those who wait. */
  Durable flush(long callerEpoch, long sequence) throws ReplicaException {
    try (Histogram.Timer _ = pool.metrics().flushSeconds.startTimer()) {
      admit(callerEpoch);
      health.checkWritable();
      LogPosition last = last();
      if (sequence > last.sequence()) {
        throw new ReplicaException.Behind(id, sequence, last);
      }
      if (durableSequence < sequence) {
        syncLock.lock();
        try {
          admit(callerEpoch); // the log may have been cut meanwhile by the next holder
          health.checkWritable();
          if (durableSequence < sequence) {
            sync();
          }
        } finally {
          syncLock.unlock();
        }
      }
      return new Durable(durableSequence, pool.bootId());
    }
  }

  LogPosition last() {
    lock.lock();
    try {
      return log.last();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the whole log durable; the caller has the sync lock. */
  void sync() throws ReplicaException {
    List<Segment> dirty = new ArrayList<>();
    LogPosition target;
    boolean names;
    lock.lock();
    try {
      target = log.last();
      names = namesDirty;
      namesDirty = false;
      for (Segment segment : log.segments()) {
        if (segment.dirty) {
          segment.dirty = false;
          dirty.add(segment);
        }
      }
    } finally {
      lock.unlock();
    }
    try (Histogram.Timer _ = pool.metrics().syncSeconds.startTimer()) {
      for (Segment segment : dirty) {
        segment.file.force();
      }
      if (names) {
        pool.medium().forceDirectory(directory);
      }
      if (!target.equals(mark.position())) {
        mark.write(target);
      }
    } catch (IOException e) {
      throw health.fail("flush", e);
    }
    durableSequence = target.sequence();
  }

  /** Makes all durable, unless the container is in a state that has to wait for its controller. */
  void syncIfPossible() throws ReplicaException {
    syncLock.lock();
    try {
      if (!health.isEndUnknown()) {
        health.checkNotFailed();
        sync();
      }
    } finally {
      syncLock.unlock();
    }
  }

  // ---- for those who change what is in the log; they have the edit lock

  /** In memory the log ends at the position from now on; readers look again. */
  void cut(LogPosition position) {
    lock.lock();
    try {
      generation.incrementAndGet();
      log.cutAfter(position);
      health.cutAfter(position.sequence());
      durableSequence = Math.min(durableSequence, position.sequence());
    } finally {
      lock.unlock();
    }
  }

  /** Readers look again at what they found. */
  void changed() {
    generation.incrementAndGet();
  }

  /** Puts a compacted segment in its place; readers look again. */
  void replace(Segment old, Segment made) {
    lock.lock();
    try {
      generation.incrementAndGet();
      log.replace(old, made);
    } finally {
      lock.unlock();
    }
  }

  /** What was overwritten up to this sequence may be compacted away. */
  long reclaimable() {
    lock.lock();
    try {
      return Math.min(committedSequence, durableSequence);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the container in this process; its node is gone for those who call. */
  void close() throws IOException {
    lockAll();
    try {
      end(false);
    } finally {
      unlockAll();
    }
  }

  /** Ends the container for good: it is absent for those who call; its files are still there. */
  void remove(long callerEpoch) throws IOException, ReplicaException {
    lockAll();
    try {
      admitLocked(callerEpoch);
      end(true);
    } finally {
      unlockAll();
    }
  }

  private void end(boolean remove) throws IOException {
    if (health.end(remove)) {
      changed();
      for (Segment segment : log.segments()) {
        segment.file.close();
      }
      epochFile.close();
      mark.close();
    }
  }

  /** For changes that nothing may run beside. */
  void lockAll() {
    editLock.lock();
    syncLock.lock();
    appendLock.lock();
  }

  void unlockAll() {
    appendLock.unlock();
    syncLock.unlock();
    editLock.unlock();
  }
}
