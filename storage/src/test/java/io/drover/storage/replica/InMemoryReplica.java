package io.drover.storage.replica;

import static io.drover.storage.replica.ContainerState.Presence.PRESENT;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A replica that keeps the contract of {@link ReplicaService} in memory, and fails on demand.
 *
 * <p>Faults: {@link #disconnect} (nothing gets through, futures under way fail), {@link #hold}
 * (appends and flushes get through, their answers wait; {@link #release} lets them go), {@link
 * #loseAnswers} (carried out, but the answer is lost), {@link #crashProcess} (page cache survives),
 * {@link #losePower} (the tail that was not durable is gone, new boot id), {@link #wipe} (pool
 * emptied), {@link #corrupt} (one block fails its checksum), {@link #damage}, {@link #fillUp},
 * {@link #failDisk}.
 */
public final class InMemoryReplica implements ReplicaService {
  private final String nodeId;
  private final Map<ContainerId, Container> containers = new HashMap<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final List<CompletableFuture<Void>> unanswered = new ArrayList<>();
  private int boots = 1;
  private boolean connected = true;
  private boolean holding;
  private int answersToLose;
  private int fences;
  private boolean full;
  private boolean diskFailed;

  public InMemoryReplica(String nodeId) {
    this.nodeId = nodeId;
  }

  private static final class Container {
    long epoch;
    List<LogRecord> log = new ArrayList<>();
    long durable;
    long damaged;
    final Set<BlockReference> bad = new HashSet<>();

    LogPosition last() {
      return log.isEmpty() ? LogPosition.EMPTY : log.getLast().position();
    }
  }

  // ---- faults

  public synchronized void disconnect() {
    connected = false;
    failUnderWay("connection to " + nodeId + " lost");
  }

  public synchronized void reconnect() {
    connected = true;
  }

  public synchronized void hold() {
    holding = true;
  }

  public void release() {
    List<Runnable> answers;
    synchronized (this) {
      holding = false;
      answers = List.copyOf(held);
      held.clear();
      notifyAll();
    }
    answers.forEach(Runnable::run);
  }

  /** The next {@code count} appends and flushes are carried out, but answered as unreachable. */
  public synchronized void loseAnswers(int count) {
    answersToLose = count;
  }

  /**
   * The process dies: records and epochs stay, connections break. Reachable again after {@link
   * #reconnect}.
   */
  public synchronized void crashProcess() {
    disconnect();
  }

  /** The machine dies: {@code keptTail} records beyond the durable ones happen to survive. */
  public synchronized void losePower(int keptTail) {
    disconnect();
    boots++;
    for (Container c : containers.values()) {
      int keep = (int) Math.min(c.log.size(), c.durable + keptTail);
      c.log = new ArrayList<>(c.log.subList(0, keep));
      c.durable = keep;
    }
  }

  public synchronized void wipe() {
    containers.clear();
  }

  /** Makes the newest record of the block on any version fail its checksum. */
  public synchronized BlockReference corrupt(ContainerId id, int block) {
    Container c = containers.get(id);
    if (c == null) {
      throw new IllegalArgumentException("no container " + id);
    }
    for (LogRecord r : c.log.reversed()) {
      if (r.kind() == LogRecord.Kind.DATA && covers(r, block)) {
        BlockReference reference = new BlockReference(block, r.version(), r.sequence());
        c.bad.add(reference);
        return reference;
      }
    }
    throw new IllegalArgumentException("block " + block + " of " + id + " holds no data");
  }

  /** Makes the log unreadable from the sequence on, until it is cut before it. */
  public synchronized void damage(ContainerId id, long sequence) {
    Container c = containers.get(id);
    if (c == null) {
      throw new IllegalArgumentException("no container " + id);
    }
    c.damaged = sequence;
  }

  public synchronized boolean isDamaged(ContainerId id) {
    Container c = containers.get(id);
    return c != null && c.damaged > 0;
  }

  public synchronized void fillUp(boolean isFull) {
    full = isFull;
  }

  public synchronized void failDisk(boolean failed) {
    diskFailed = failed;
  }

  public synchronized String bootId() {
    return nodeId + "-boot-" + boots;
  }

  /** A copy of the log, for comparing replicas. */
  public synchronized List<LogRecord> log(ContainerId id) {
    Container c = containers.get(id);
    return c == null ? List.of() : List.copyOf(c.log);
  }

  /** How often it was fenced, with a container or without. */
  public synchronized int fences() {
    return fences;
  }

  // ---- the service

  @Override
  public synchronized ContainerState fence(ContainerId id, long epoch, boolean create)
      throws ReplicaException {
    checkConnected();
    fences++;
    Container c = containers.get(id);
    if (c == null) {
      if (!create) {
        return ContainerState.absent(bootId());
      }
      c = new Container();
      containers.put(id, c);
    }
    admit(id, c, epoch);
    List<EpochStart> starts = new ArrayList<>();
    for (LogRecord r : c.log) {
      if (starts.isEmpty() || starts.getLast().epoch() != r.epoch()) {
        starts.add(new EpochStart(r.epoch(), r.sequence()));
      }
    }
    int from = Math.max(0, starts.size() - ContainerState.MAX_EPOCH_STARTS);
    return new ContainerState(
        PRESENT, c.last(), c.durable, bootId(), starts.subList(from, starts.size()), c.damaged);
  }

  @Override
  public CompletableFuture<Void> append(AppendRequest request) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    synchronized (this) {
      try {
        apply(request);
        if (answersToLose > 0) {
          answersToLose--;
          throw new ReplicaException.Unreachable("answer of " + nodeId + " lost", null);
        }
      } catch (ReplicaException e) {
        future.completeExceptionally(e);
        return future;
      }
      if (holding) {
        unanswered.add(future);
        held.add(() -> future.complete(null));
        return future;
      }
    }
    future.complete(null);
    return future;
  }

  private void apply(AppendRequest request) throws ReplicaException {
    checkConnected();
    Container c = require(request.container());
    admit(request.container(), c, request.epoch());
    checkDisk();
    if (full) {
      throw new ReplicaException.NoSpace(nodeId + ": pool is full");
    }
    LogRecord r = request.record();
    LogPosition last = c.last();
    if (r.sequence() <= last.sequence() && c.log.get((int) r.sequence() - 1).epoch() == r.epoch()) {
      return;
    }
    if (r.sequence() != last.sequence() + 1 || r.epoch() < last.epoch()) {
      throw new ReplicaException.Gap(request.container(), r.position(), last);
    }
    ByteBuffer copy = ByteBuffer.allocate(r.data().remaining()).put(r.data().duplicate()).flip();
    c.log.add(
        new LogRecord(
            r.epoch(), r.sequence(), r.kind(), r.firstBlock(), r.blockCount(), r.version(), copy));
  }

  @Override
  public synchronized Durable flush(ContainerId id, long epoch, long sequence)
      throws ReplicaException {
    checkConnected();
    Container c = require(id);
    admit(id, c, epoch);
    checkDisk();
    if (sequence > c.last().sequence()) {
      throw new ReplicaException.Behind(id, sequence, c.last());
    }
    int boot = boots;
    awaitRelease();
    if (boot != boots || !connected) {
      throw new ReplicaException.Unreachable("connection to " + nodeId + " lost", null);
    }
    c.durable = Math.max(c.durable, c.last().sequence());
    if (answersToLose > 0) {
      answersToLose--;
      throw new ReplicaException.Unreachable("answer of " + nodeId + " lost", null);
    }
    return new Durable(c.durable, bootId());
  }

  private void awaitRelease() throws ReplicaException {
    while (holding && connected) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ReplicaException.Unreachable("interrupted", e);
      }
    }
  }

  @Override
  public synchronized ReadReply read(ReadRequest q) throws ReplicaException {
    checkConnected();
    Container c = require(q.container());
    admit(q.container(), c, q.epoch());
    checkDamage(q.container(), c);
    if (c.last().sequence() < q.sealedSequence()) {
      throw new ReplicaException.Behind(q.container(), q.sealedSequence(), c.last());
    }
    BitSet present = new BitSet();
    BitSet zero = new BitSet();
    ByteBuffer data = ByteBuffer.allocate(q.blockCount() * q.blockSizeBytes());
    List<BlockReference> bad = new ArrayList<>();
    for (int i = 0; i < q.blockCount(); i++) {
      int block = q.firstBlock() + i;
      LogRecord r = newest(c, block, q.versionPath());
      if (r == null) {
        continue;
      }
      present.set(i);
      if (r.kind() == LogRecord.Kind.ZERO) {
        zero.set(i);
        continue;
      }
      BlockReference reference = new BlockReference(block, r.version(), r.sequence());
      if (c.bad.contains(reference)) {
        bad.add(reference);
      }
      int size = q.blockSizeBytes();
      int at = r.data().position() + (block - r.firstBlock()) * size;
      data.put(i * size, r.data(), at, size);
    }
    if (!bad.isEmpty()) {
      throw new ReplicaException.BadBlock(q.container(), bad);
    }
    return new ReadReply(present, data, zero);
  }

  private static @Nullable LogRecord newest(Container c, int block, int[] path) {
    for (int version : path) {
      for (LogRecord r : c.log.reversed()) {
        if (r.version() == version && covers(r, block)) {
          return r;
        }
      }
    }
    return null;
  }

  @Override
  public synchronized LogChunk fetch(ContainerId id, long epoch, LogPosition after, int maxBytes)
      throws ReplicaException {
    checkConnected();
    Container c = require(id);
    admit(id, c, epoch);
    checkDamage(id, c);
    if (after.sequence() > c.log.size()
        || (after.sequence() > 0
            && c.log.get((int) after.sequence() - 1).epoch() != after.epoch())) {
      throw new ReplicaException.Diverged(id, after, c.last());
    }
    List<LogRecord> chunk = new ArrayList<>();
    int bytes = 0;
    int next = (int) after.sequence();
    while (next < c.log.size() && (chunk.isEmpty() || bytes < maxBytes)) {
      LogRecord r = c.log.get(next++);
      List<BlockReference> bad = c.bad.stream().filter(b -> b.sequence() == r.sequence()).toList();
      if (!bad.isEmpty()) {
        throw new ReplicaException.BadBlock(id, bad);
      }
      bytes += r.data().remaining();
      chunk.add(r);
    }
    return new LogChunk(chunk, next == c.log.size());
  }

  @Override
  public synchronized void truncate(ContainerId id, long epoch, LogPosition last)
      throws ReplicaException {
    checkConnected();
    Container c = require(id);
    admit(id, c, epoch);
    checkDisk();
    int keep = (int) last.sequence();
    if (keep > c.log.size() || (keep > 0 && c.log.get(keep - 1).epoch() != last.epoch())) {
      throw new ReplicaException.Diverged(id, last, c.last());
    }
    c.log = new ArrayList<>(c.log.subList(0, keep));
    c.bad.removeIf(b -> b.sequence() > keep);
    c.durable = keep;
    c.damaged = c.damaged > keep ? 0 : c.damaged;
  }

  @Override
  public synchronized void repair(
      ContainerId id, long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException {
    checkConnected();
    Container c = require(id);
    admit(id, c, epoch);
    checkDisk();
    LogRecord r = sequence >= 1 && sequence <= c.log.size() ? c.log.get((int) sequence - 1) : null;
    if (r == null
        || r.kind() != LogRecord.Kind.DATA
        || r.version() != version
        || !covers(r, block)) {
      throw new ReplicaException.Invalid(
          "repair: record "
              + sequence
              + " of "
              + id
              + " holds no block "
              + block
              + " at version "
              + version);
    }
    int size = r.blockSizeBytes();
    byte[] kept = new byte[size];
    r.data().get(r.data().position() + (block - r.firstBlock()) * size, kept);
    byte[] offered = new byte[data.remaining()];
    data.duplicate().get(offered);
    if (!Arrays.equals(kept, offered)) {
      throw new ReplicaException.Superseded(
          "repair of block " + block + ": not the data of record " + sequence);
    }
    c.bad.remove(new BlockReference(block, version, sequence));
  }

  @Override
  public synchronized void delete(ContainerId id, long epoch) throws ReplicaException {
    checkConnected();
    Container c = containers.get(id);
    if (c != null) {
      admit(id, c, epoch);
      containers.remove(id);
    }
  }

  @Override
  public void close() {}

  private void failUnderWay(String why) {
    held.clear();
    List<CompletableFuture<Void>> failing = List.copyOf(unanswered);
    unanswered.clear();
    notifyAll();
    failing.forEach(f -> f.completeExceptionally(new ReplicaException.Unreachable(why, null)));
  }

  private static boolean covers(LogRecord r, int block) {
    return block >= r.firstBlock() && block < r.firstBlock() + r.blockCount();
  }

  private void checkConnected() throws ReplicaException {
    if (!connected) {
      throw new ReplicaException.Unreachable("no connection to " + nodeId, null);
    }
  }

  private void checkDisk() throws ReplicaException {
    if (diskFailed) {
      throw new ReplicaException.StoreFailed(nodeId + ": disk failed", null);
    }
  }

  private static void checkDamage(ContainerId id, Container c) throws ReplicaException {
    if (c.damaged > 0) {
      throw new ReplicaException.Damaged(id, c.damaged);
    }
  }

  private Container require(ContainerId id) throws ReplicaException {
    Container c = containers.get(id);
    if (c == null) {
      throw new ReplicaException.Absent(id);
    }
    return c;
  }

  private static void admit(ContainerId id, Container c, long epoch) throws ReplicaException {
    if (epoch < c.epoch) {
      throw new ReplicaException.Fenced(id, epoch, c.epoch);
    }
    c.epoch = epoch;
  }
}
