package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogChunk;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to bring a replica back: compare and cut its log, copy what it missed from a peer
 * while writes go on, and begin its feed from the tail without a gap. A replica that is not in sync
 * then has to answer everything, and joins when it has.
 *
 * <p>In the last step of copying the tail is kept; when it fills meanwhile, writes wait for the
 * step, which is bounded by the replica timeout.
 */
final class ReplicaSync {
  private static final Logger log = LoggerFactory.getLogger(ReplicaSync.class);

  private static final int MAX_DOUBLINGS = 6;

  private final ReplicatedLog container;
  private final MemberKeeper keeper;
  private final ReplicaDirectory replicas;
  private final Member member;

  ReplicaSync(
      ReplicatedLog container, MemberKeeper keeper, ReplicaDirectory replicas, Member member) {
    this.container = container;
    this.keeper = keeper;
    this.replicas = replicas;
    this.member = member;
  }

  void run() {
    String failure = "";
    boolean refused = false;
    try {
      bringBack();
    } catch (ReplicaException.Fenced e) {
      container.fenced();
      failure = String.valueOf(e.getMessage());
    } catch (ReplicaException.Unreachable | BlockIoException e) {
      failure = String.valueOf(e.getMessage());
    } catch (ReplicaException e) {
      refused = true;
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      refused = true;
      log.atError()
          .addKeyValue("container", container.id)
          .addKeyValue("node", member.nodeId)
          .setCause(e)
          .log("catch-up broke");
      failure = e.toString();
    } finally {
      done(failure, refused);
    }
  }

  /** How long one that answers and cannot is left alone, as its disk is failed or full. */
  static long pauseNanos(Duration pause, int refusals) {
    return pause.toNanos() << Math.min(refusals, MAX_DOUBLINGS);
  }

  private void done(String failure, boolean refused) {
    container.lock.lock();
    try {
      member.syncing = false;
      member.refusals = refused ? member.refusals + 1 : 0;
      member.retryAtNanos =
          System.nanoTime() + pauseNanos(container.settings.retryPause(), member.refusals);
      if (!failure.isEmpty()) {
        if (!failure.equals(member.lastFailure)) {
          log.debug("{} on {} is not back: {}", container.id, member.nodeId, failure);
        }
        if (member.phase == Member.Phase.LIVE) {
          member.end(failure);
        }
        member.lastFailure = failure;
      }
      container.attention.signalAll();
    } finally {
      container.lock.unlock();
    }
  }

  private void bringBack() throws ReplicaException, BlockIoException {
    ReplicaService target = replicas.connect(member.nodeId);
    ContainerState found = fence(target);
    LogPosition at = cut(target, found);
    // What is copied behind the cut has not been flushed there, whatever had been before.
    long durable = Math.min(found.durableSequence(), at.sequence());
    int session;
    boolean pinned = false;
    try {
      while (true) {
        container.requireRunning();
        Feed feed = beginFeed(target, found.bootId(), at, durable);
        if (feed.begun()) {
          session = feed.session();
          break;
        }
        Step step = copy(target, at);
        at = step.reached();
        if (step.end() && !pinned) {
          pin(1);
          pinned = true;
        }
      }
    } finally {
      if (pinned) {
        pin(-1);
      }
    }
    awaitAnswers(session);
    keeper.join(member, session);
  }

  /**
   * Cuts what diverges or is damaged, and returns where the log ends then. What a peer cannot give
   * back is not cut: behind a damaged record there may be the only copy of others.
   */
  private LogPosition cut(ReplicaService target, ContainerState found)
      throws ReplicaException, BlockIoException {
    ContainerState ours = state();
    LogPosition at = RecoveryRule.keep(found, ours);
    if (found.damagedSequence() > 0) {
      requirePeersHave(at, found.commonWith(ours));
    } else if (at.compareTo(found.last()) < 0) {
      peers();
    } else {
      return at;
    }
    target.truncate(container.id, container.epoch, at);
    return at;
  }

  /** Reads all of it from peers: a log may look whole and still have a record that is not. */
  private void requirePeersHave(LogPosition after, LogPosition upTo)
      throws ReplicaException, BlockIoException {
    LogPosition reached = after;
    while (reached.sequence() < upTo.sequence()) {
      container.requireRunning();
      List<LogRecord> records = fetch(reached).records();
      if (records.isEmpty()) {
        throw new ReplicaException.Unreachable(
            "no in-sync replica of " + container.id + " has what is damaged on " + member.nodeId,
            null);
      }
      reached = records.getLast().position();
    }
    peers();
  }

  private ContainerState fence(ReplicaService target) throws ReplicaException, BlockIoException {
    ContainerState found = target.fence(container.id, container.epoch, false);
    if (found.presence() == ContainerState.Presence.PRESENT) {
      return found;
    }
    // An emptied pool gets a copy, provided somebody has one. It leaves the in-sync set before:
    // once the container is there again, a next holder could take its few records for all.
    peers();
    keeper.removeEmptied(member);
    log.atWarn()
        .addKeyValue("disk", container.id.disk())
        .addKeyValue("container", container.id.index())
        .addKeyValue("node", member.nodeId)
        .log("replica is empty and gets a copy");
    return target.fence(container.id, container.epoch, true);
  }

  private ContainerState state() {
    container.lock.lock();
    try {
      return container.state();
    } finally {
      container.lock.unlock();
    }
  }

  private void pin(int change) {
    container.lock.lock();
    try {
      container.pins += change;
      container.progress();
    } finally {
      container.lock.unlock();
    }
  }

  private record Feed(boolean begun, int session) {}

  /** Sends all that follows {@code at} from the tail, and from then on every new record. */
  private Feed beginFeed(ReplicaService target, String bootId, LogPosition at, long durable)
      throws BlockIoException {
    container.lock.lock();
    try {
      container.requireRunning();
      if (!container.tail.reachesBackTo(at.sequence())) {
        return new Feed(false, 0);
      }
      long end = container.tail.nextSequence() - 1;
      member.begin(target, bootId, at.sequence(), durable, end);
      int session = member.session;
      for (LogRecord record : container.tail.after(at.sequence())) {
        if (member.session == session) {
          container.send(member, record);
        }
      }
      container.flush().onDemand(member);
      container.progress();
      return new Feed(true, session);
    } finally {
      container.lock.unlock();
    }
  }

  /**
   * First it must answer to what it was fed, and nobody waits for it meanwhile: it may hang. Then
   * it counts, and everything that others may have acknowledged before must be there, and durable.
   */
  private void awaitAnswers(int session) throws ReplicaException, BlockIoException {
    Deadline deadline = Deadline.in(container.settings.replicaTimeout().multipliedBy(2));
    container.lock.lock();
    try {
      await(session, deadline, member::caughtUp);
      member.joining = true;
      long wanted = container.tail.nextSequence() - 1;
      container.flush().request(wanted);
      await(session, deadline, () -> member.durable >= wanted);
    } catch (InterruptedException e) {
      throw Deadline.interrupted();
    } finally {
      container.lock.unlock();
    }
  }

  private void await(int session, Deadline deadline, BooleanSupplier reached)
      throws ReplicaException, BlockIoException, InterruptedException {
    while (member.session == session && !reached.getAsBoolean()) {
      container.requireRunning();
      if (container.advanced.awaitNanos(deadline.remainingNanos()) <= 0) {
        throw new ReplicaException.Unreachable(
            member.nodeId + " did not answer to what it was sent in time", null);
      }
    }
    if (member.session != session) {
      throw new ReplicaException.Unreachable(member.lastFailure, null);
    }
  }

  private record Step(LogPosition reached, boolean end) {}

  private Step copy(ReplicaService target, LogPosition after)
      throws ReplicaException, BlockIoException {
    LogChunk chunk = fetch(after);
    List<CompletableFuture<Void>> appends = new ArrayList<>();
    LogPosition reached = after;
    for (LogRecord record : chunk.records()) {
      appends.add(target.append(new AppendRequest(container.id, container.epoch, 0, record)));
      reached = record.position();
    }
    ReplicaCalls.all(appends, container.settings.replicaTimeout(), member.nodeId);
    return new Step(reached, chunk.end());
  }

  /** From the first peer that can give it: a damaged block on one is whole on another. */
  private LogChunk fetch(LogPosition after) throws ReplicaException {
    ReplicaException last = null;
    for (ReplicaService peer : peers()) {
      try {
        return peer.fetch(container.id, container.epoch, after, container.settings.fetchBytes());
      } catch (ReplicaException.Fenced e) {
        throw e;
      } catch (ReplicaException e) {
        last = e;
      }
    }
    throw last == null ? noPeer() : last;
  }

  private List<ReplicaService> peers() throws ReplicaException {
    List<ReplicaService> peers = new ArrayList<>();
    container.lock.lock();
    try {
      for (Member other : container.members.values()) {
        ReplicaService service = other.service;
        if (other != member && other.readable() && service != null) {
          peers.add(service);
        }
      }
    } finally {
      container.lock.unlock();
    }
    if (peers.isEmpty()) {
      throw noPeer();
    }
    return peers;
  }

  private ReplicaException noPeer() {
    return new ReplicaException.Unreachable(
        "no in-sync replica of " + container.id + " answers to copy from", null);
  }
}
