package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.EpochStart;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one open container under one epoch: gives records their sequence, sends them to all
 * live members in order, and says when they are acknowledged and durable.
 *
 * <p>One lock guards everything; nothing blocks under it. Records are sent under it, so that the
 * order of sending is that of the sequences. Answers come on the threads of the connections, change
 * a member's progress, and complete what was waiting for it. Whoever notices that a member failed
 * only says so; {@link MemberKeeper} acts on it.
 */
final class ReplicatedLog {
  private static final Logger log = LoggerFactory.getLogger(ReplicatedLog.class);

  final ContainerId id;
  final long epoch;
  final DiskPolicy policy;
  final ControllerSettings settings;
  final ReentrantLock lock = new ReentrantLock();

  /** Something happened that the keeper acts on. */
  final Condition attention = lock.newCondition();

  /** A member came further, or failed. */
  final Condition advanced = lock.newCondition();

  final Map<String, Member> members = new LinkedHashMap<>();
  final Tail tail;

  /** While positive, nothing is trimmed from the tail: a replica is about to begin from it. */
  int pins;

  Versioned<ContainerMembers> metadata;

  private final List<EpochStart> epochStarts;
  private final Condition room = lock.newCondition();
  private final List<Waiter> waiters = new ArrayList<>();
  private final Runnable onFenced;
  private final LogFlush flush = new LogFlush(this);
  private long acknowledged;
  private long durable;
  private @Nullable BlockIoException stopped;

  /** Somebody who waits for the log to come to a sequence. */
  private record Waiter(long sequence, boolean durable, CompletableFuture<Void> reached) {}

  /** What is to be written, before it has a place in the log. */
  @FunctionalInterface
  interface Draft {
    LogRecord at(long epoch, long sequence);
  }

  ReplicatedLog(
      ContainerId id,
      long epoch,
      DiskPolicy policy,
      ControllerSettings settings,
      LogBase base,
      Runnable onFenced) {
    this.id = id;
    this.epoch = epoch;
    this.policy = policy;
    this.settings = settings;
    this.metadata = base.members();
    this.onFenced = onFenced;
    long last = base.source().last().sequence();
    this.tail = new Tail(last + 1);
    this.acknowledged = last;
    this.epochStarts = new ArrayList<>(base.source().epochStarts());
    epochStarts.add(new EpochStart(epoch, last + 1));
    for (String node : base.members().value().replicas()) {
      members.put(node, new Member(node));
    }
    for (LogBase.Start start : base.started()) {
      Member member = member(start.nodeId());
      member.inSync = true;
      member.begin(start.service(), start.bootId(), last, Math.min(start.durable(), last), last);
    }
  }

  /** What makes it durable. */
  LogFlush flush() {
    return flush;
  }

  Member member(String nodeId) {
    Member member = members.get(nodeId);
    if (member == null) {
      throw new IllegalArgumentException("container " + id + " has no replica on " + nodeId);
    }
    return member;
  }

  /** The log as a replica would report it, to compare a returning one with. */
  ContainerState state() {
    return new ContainerState(
        ContainerState.Presence.PRESENT,
        new LogPosition(epoch, tail.nextSequence() - 1),
        durable,
        "",
        epochStarts,
        0);
  }

  /** Waits while the tail is full; what then is submitted at once may exceed the bound a little. */
  void awaitRoom(Deadline deadline) throws BlockIoException {
    lock.lock();
    try {
      while (tail.bytes() >= settings.maxTailBytes()) {
        requireRunning();
        attention.signalAll();
        deadline.check("replicas to make earlier writes durable: " + troubles());
        long left = room.awaitNanos(deadline.remainingNanos());
        if (left <= 0) {
          deadline.check("replicas to make earlier writes durable: " + troubles());
        }
      }
    } catch (InterruptedException e) {
      throw Deadline.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the drafts their places and sends them; returns the last one's sequence. Does not block.
   */
  long submit(List<Draft> drafts) throws BlockIoException {
    lock.lock();
    try {
      requireRunning();
      long sequence = tail.nextSequence() - 1;
      for (Draft draft : drafts) {
        sequence++;
        LogRecord record = draft.at(epoch, sequence);
        tail.add(record);
        for (Member member : members.values()) {
          if (member.phase == Member.Phase.LIVE) {
            send(member, record);
          }
        }
      }
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** Sends one record; its answer is heard as long as the member's session lasts. */
  void send(Member member, LogRecord record) {
    ReplicaService service = member.service;
    if (service == null) {
      throw new IllegalStateException(member.nodeId + " is live without a service");
    }
    int session = member.session;
    member.unanswered.addLast(new Member.Sent(record.sequence(), System.nanoTime()));
    CompletableFuture<Void> _ =
        service
            .append(new AppendRequest(id, epoch, Math.max(0, acknowledged), record))
            .whenComplete((done, failure) -> {
              if (failure == null) {
                answered(member, session, record.sequence());
              } else {
                failed(member, session, ReplicaCalls.unwrap(failure));
              }
            });
  }

  private void answered(Member member, int session, long sequence) {
    lock.lock();
    try {
      if (member.session != session) {
        return;
      }
      member.appended = Math.max(member.appended, sequence);
      while (!member.unanswered.isEmpty()
          && member.unanswered.getFirst().sequence() <= member.appended) {
        member.unanswered.removeFirst();
      }
      flush.onDemand(member);
      progress();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a member's session, unless that has ended already. */
  void failed(Member member, int session, ReplicaException cause) {
    lock.lock();
    try {
      if (member.session != session) {
        return;
      }
      if (cause instanceof ReplicaException.Fenced) {
        fenced();
        return;
      }
      member.end(String.valueOf(cause.getMessage()));
      attention.signalAll();
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A higher epoch was met: this controller is over. */
  void fenced() {
    stop(new BlockIoException(Reason.FENCED, "disk " + id.disk() + " has another holder"));
    onFenced.run();
  }

  /** Fails what waits and all that comes. */
  void stop(BlockIoException why) {
    lock.lock();
    try {
      if (stopped == null) {
        stopped = why;
      }
      members.values().forEach(m -> m.end("stopped"));
      waiters.forEach(w -> w.reached().completeExceptionally(why));
      waiters.clear();
      attention.signalAll();
      advanced.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    return stopped != null;
  }

  void requireRunning() throws BlockIoException {
    BlockIoException why = stopped;
    if (why != null) {
      throw new BlockIoException(why.reason(), String.valueOf(why.getMessage()), why);
    }
  }

  /** Recomputes what is acknowledged and durable after any change of a member; under the lock. */
  void progress() {
    advanced.signalAll();
    List<AckRule.Progress> counted =
        members.values().stream().filter(Member::counts).map(Member::progress).toList();
    if (AckRule.needsMedium(policy, counted)) {
      flush.request(tail.nextSequence() - 1);
    }
    acknowledged = Math.max(acknowledged, AckRule.acknowledged(policy, counted));
    durable = Math.max(durable, AckRule.durable(counted));
    waiters.removeIf(w ->
        w.sequence() <= (w.durable() ? Math.min(durable, acknowledged) : acknowledged)
            && w.reached().complete(null));
    if (pins == 0) {
      trim();
    }
  }

  private void trim() {
    tail.trim(Math.min(durable, acknowledged));
    if (tail.bytes() < settings.maxTailBytes()) {
      room.signalAll();
    }
  }

  /** Completes when the log is acknowledged, or durable too, up to the sequence. */
  CompletableFuture<Void> reached(long sequence, boolean mustBeDurable) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    lock.lock();
    try {
      BlockIoException why = stopped;
      if (why != null) {
        reached.completeExceptionally(why);
        return reached;
      }
      waiters.add(new Waiter(sequence, mustBeDurable, reached));
      if (mustBeDurable) {
        flush.request(sequence);
      }
      progress();
    } finally {
      lock.unlock();
    }
    return reached;
  }

  /** Waits for a future of this log; a missed deadline does not undo what it stands for. */
  void await(CompletableFuture<Void> reached, Deadline deadline) throws BlockIoException {
    BlockIoException failure =
        ReplicaCalls.await(reached, deadline, () -> "replicas of container " + id + troubles());
    if (failure != null) {
      throw failure;
    }
  }

  /** The last sequence that is acknowledged. */
  long acknowledgedSequence() {
    lock.lock();
    try {
      return acknowledged;
    } finally {
      lock.unlock();
    }
  }

  long lastSequence() {
    lock.lock();
    try {
      return tail.nextSequence() - 1;
    } finally {
      lock.unlock();
    }
  }

  /** Fails members that leave a record unanswered for too long; under the lock. */
  void failSilent() {
    long now = System.nanoTime();
    for (Member member : members.values()) {
      Member.Sent oldest = member.unanswered.peekFirst();
      if (oldest != null && now - oldest.atNanos() > settings.replicaTimeout().toNanos()) {
        failed(
            member,
            member.session,
            new ReplicaException.Unreachable(
                member.nodeId + " did not answer within " + settings.replicaTimeout(), null));
      }
    }
  }

  /** What keeps writes waiting, for people. */
  String troubles() {
    lock.lock();
    try {
      List<String> down = new ArrayList<>();
      for (Member member : members.values()) {
        if (member.phase == Member.Phase.DOWN) {
          down.add(member.nodeId + " (" + member.lastFailure + ")");
        }
      }
      return down.isEmpty() ? "" : ", not answering: " + String.join(", ", down);
    } finally {
      lock.unlock();
    }
  }

  /** Copies that the metadata counts. */
  int inSyncCopies() {
    lock.lock();
    try {
      return (int) members.values().stream().filter(m -> m.inSync).count();
    } finally {
      lock.unlock();
    }
  }

  /** Copies that answer now. */
  int usableCopies() {
    lock.lock();
    try {
      return (int) members.values().stream().filter(Member::readable).count();
    } finally {
      lock.unlock();
    }
  }

  /** Waits under the lock until the keeper is needed, or for so long; callers look anew. */
  @SuppressWarnings("WaitNotInLoop") // the keeper's loop decides what there is to do
  void awaitAttention(long nanos) throws InterruptedException {
    long left = attention.awaitNanos(nanos);
    log.trace("container {} is looked at, {} ns early", id, left);
  }
}
