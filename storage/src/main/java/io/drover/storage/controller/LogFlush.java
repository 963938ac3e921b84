package io.drover.storage.controller;

import io.drover.storage.replica.Durable;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.util.Optional;

/**
 * Makes an open log durable on its members: one flush at a time on each, up to the furthest
 * sequence that anybody asked for and the member has answered to.
 *
 * <p>Guarded by the log's lock, which is not held while a member flushes.
 */
final class LogFlush {
  private final ReplicatedLog log;
  private long target;

  LogFlush(ReplicatedLog log) {
    this.log = log;
  }

  /** Asks all live members to make the log durable up to there; under the lock. */
  void request(long sequence) {
    target = Math.max(target, sequence);
    log.members.values().forEach(this::onDemand);
  }

  /** Starts a flush of a member that has something to flush and no flush under way. */
  void onDemand(Member member) {
    if (member.phase == Member.Phase.LIVE
        && !member.flushing
        && Math.min(target, member.appended) > member.durable) {
      member.flushing = true;
      int session = member.session;
      Thread.ofVirtual()
          .name("flush-" + log.id + "-" + member.nodeId)
          .start(() -> flush(member, session));
    }
  }

  private void flush(Member member, int session) {
    while (true) {
      Optional<Long> next = next(member, session);
      if (next.isEmpty()) {
        return;
      }
      ReplicaService service = member.service;
      try {
        if (service == null) {
          throw new ReplicaException.Unreachable("no connection to " + member.nodeId, null);
        }
        flushed(member, session, service.flush(log.id, log.epoch, next.get()));
      } catch (ReplicaException | RuntimeException e) {
        log.failed(member, session, ReplicaCalls.unwrap(e));
        return;
      }
    }
  }

  private Optional<Long> next(Member member, int session) {
    log.lock.lock();
    try {
      if (member.session != session || log.isStopped()) {
        return Optional.empty();
      }
      long next = Math.min(target, member.appended);
      if (next <= member.durable) {
        member.flushing = false;
        return Optional.empty();
      }
      return Optional.of(next);
    } finally {
      log.lock.unlock();
    }
  }

  private void flushed(Member member, int session, Durable answer) throws ReplicaException {
    log.lock.lock();
    try {
      if (member.session != session) {
        return;
      }
      if (!answer.bootId().equals(member.bootId)) {
        throw new ReplicaException.Unreachable(
            member.nodeId + " was booted anew, its log must be compared first", null);
      }
      member.durable = Math.max(member.durable, Math.min(answer.sequence(), member.appended));
      log.progress();
    } finally {
      log.lock.unlock();
    }
  }
}
