package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the in-sync set of one open container true: removes members that failed, by the metadata
 * first, and brings back those that return.
 *
 * <p>One thread looks whenever the log calls for attention and at each tick; each returning replica
 * has a thread of its own ({@link ReplicaSync}). Changes of the metadata are made one at a time,
 * and one of unknown outcome is repeated until it is known.
 */
final class MemberKeeper {
  private static final Logger log = LoggerFactory.getLogger(MemberKeeper.class);

  private final ReplicatedLog container;
  private final DiskMetadata metadata;
  private final ReplicaDirectory replicas;
  private final int leaseVersion;
  private final DiskMetrics metrics;

  /** Held over a change of the metadata; taken before the log's lock, never inside. */
  private final ReentrantLock changing = new ReentrantLock();

  MemberKeeper(
      ReplicatedLog container,
      DiskMetadata metadata,
      ReplicaDirectory replicas,
      int leaseVersion,
      DiskMetrics metrics) {
    this.container = container;
    this.metadata = metadata;
    this.replicas = replicas;
    this.leaseVersion = leaseVersion;
    this.metrics = metrics;
  }

  void start() {
    Thread.ofVirtual().name("keeper-" + container.id).start(this::keep);
  }

  private void keep() {
    try {
      while (!container.isStopped()) {
        try {
          keepOnce();
        } catch (RuntimeException e) {
          // Without a keeper no failed replica would ever be removed.
          log.atError()
              .addKeyValue("disk", container.id.disk())
              .addKeyValue("container", container.id.index())
              .setCause(e)
              .log("keeper failed");
          pause();
        }
      }
    } catch (InterruptedException e) {
      log.atError()
          .addKeyValue("disk", container.id.disk())
          .addKeyValue("container", container.id.index())
          .setCause(e)
          .log("keeper ended");
      Thread.currentThread().interrupt();
    } catch (BlockIoException e) {
      log.debug("keeper of {} ends: {}", container.id, e.getMessage());
    }
  }

  private void keepOnce() throws InterruptedException, BlockIoException {
    long tick = Math.max(1_000_000, container.settings.replicaTimeout().toNanos() / 4);
    List<String> leaving = new ArrayList<>();
    List<Member> returning = new ArrayList<>();
    container.lock.lock();
    try {
      container.failSilent();
      look(leaving, returning);
      if (leaving.isEmpty() && returning.isEmpty()) {
        container.awaitAttention(untilNext(tick));
      }
    } finally {
      container.lock.unlock();
    }
    returning.forEach(this::startSync);
    if (!leaving.isEmpty()) {
      remove(leaving);
    }
  }

  /** Decides under the lock; what takes time is done outside. */
  private void look(List<String> leaving, List<Member> returning) {
    Set<String> failed = new HashSet<>();
    List<String> inSync = new ArrayList<>();
    long now = System.nanoTime();
    for (Member member : container.members.values()) {
      if (member.inSync) {
        inSync.add(member.nodeId);
      }
      if (member.phase == Member.Phase.DOWN) {
        failed.add(member.nodeId);
        member.joining = false;
        if (!member.syncing && now - member.retryAtNanos >= 0) {
          member.syncing = true;
          returning.add(member);
        }
      }
    }
    leaving.addAll(MembershipRule.toRemove(inSync, failed, container.policy.minInSync()));
    for (String node : leaving) {
      container.member(node).leaving = true;
    }
    if (container.tail.bytes() > container.settings.maxTailBytes() / 2) {
      container.flush().request(container.tail.nextSequence() - 1);
    }
    // A member that stopped joining no longer holds up what waits.
    container.progress();
  }

  private long untilNext(long tick) {
    long wait = tick;
    long now = System.nanoTime();
    for (Member member : container.members.values()) {
      if (member.phase == Member.Phase.DOWN && !member.syncing) {
        wait = Math.min(wait, Math.max(1, member.retryAtNanos - now));
      }
    }
    return wait;
  }

  private void startSync(Member member) {
    ReplicaSync sync = new ReplicaSync(container, this, replicas, member);
    Thread.ofVirtual().name("sync-" + container.id + "-" + member.nodeId).start(sync::run);
  }

  /** Removes those that did not come back before. */
  void remove(List<String> failed) throws BlockIoException {
    List<String> leaving = new ArrayList<>();
    ContainerMembers now =
        change(m -> {
          leaving.clear();
          leaving.addAll(stillLeaving(failed));
          ContainerMembers next = m;
          for (String node : leaving) {
            next = next.without(node, container.epoch);
          }
          return next;
        });
    for (String node : leaving) {
      metrics.removed.inc();
      log.atWarn()
          .addKeyValue("disk", container.id.disk())
          .addKeyValue("container", container.id.index())
          .addKeyValue("node", node)
          .addKeyValue("inSync", now.inSync())
          .addKeyValue("cause", cause(node))
          .log("replica removed");
    }
  }

  private List<String> stillLeaving(List<String> failed) {
    container.lock.lock();
    try {
      return failed.stream().filter(node -> container.member(node).leaving).toList();
    } finally {
      container.lock.unlock();
    }
  }

  /**
   * Removes a member whose copy is gone, also where that leaves fewer than the policy's minimum: it
   * has nothing to contribute, and writes wait until it has again.
   */
  void removeEmptied(Member member) throws BlockIoException, ReplicaException {
    ContainerMembers now =
        change(m -> MembershipRule.withoutEmptied(m, member.nodeId, container.epoch));
    if (now.inSync().contains(member.nodeId)) {
      throw new ReplicaException.Unreachable(
          "no other replica of " + container.id + " is in sync to copy from", null);
    }
  }

  private String cause(String node) {
    container.lock.lock();
    try {
      return container.member(node).lastFailure;
    } finally {
      container.lock.unlock();
    }
  }

  /** Makes a member that receives and answers everything a member in sync. */
  void join(Member member, int session) throws BlockIoException, ReplicaException {
    changing.lock();
    try {
      container.lock.lock();
      try {
        if (member.session != session) {
          throw new ReplicaException.Unreachable(member.lastFailure, null);
        }
        if (member.inSync) {
          // It is listed still and has everything: a removal that was meant for it is called off.
          member.joining = false;
          member.leaving = false;
          return;
        }
        if (!member.joining) {
          throw new ReplicaException.Unreachable(
              member.nodeId + " left and must be compared anew", null);
        }
        member.entering = true;
      } finally {
        container.lock.unlock();
      }
      ContainerMembers now = change(m -> m.joinedBy(member.nodeId, container.epoch));
      metrics.rejoined.inc();
      log.atInfo()
          .addKeyValue("disk", container.id.disk())
          .addKeyValue("container", container.id.index())
          .addKeyValue("node", member.nodeId)
          .addKeyValue("inSync", now.inSync())
          .log("replica in sync");
    } finally {
      changing.unlock();
    }
  }

  /** Changes the sets in the metadata and then here; returns when the outcome is known. */
  private ContainerMembers change(UnaryOperator<ContainerMembers> step) throws BlockIoException {
    changing.lock();
    try {
      while (true) {
        container.requireRunning();
        Versioned<ContainerMembers> from = container.metadata;
        ContainerMembers next = step.apply(from.value());
        try {
          adopt(
              next.equals(from.value())
                  ? from
                  : metadata.replaceContainer(container.id, leaseVersion, from.version(), next));
          return next;
        } catch (MetadataException e) {
          notChanged(e);
        }
      }
    } finally {
      changing.unlock();
    }
  }

  /** Returns when the change may be tried again. */
  private void notChanged(MetadataException e) throws BlockIoException {
    switch (e) {
      case MetadataException.LeaseTaken _ -> container.fenced();
      case MetadataException.Missing _ -> container.fenced();
      case MetadataException.Conflict _ -> reread();
      case MetadataException.Unavailable _ -> {
        log.atWarn()
            .addKeyValue("disk", container.id.disk())
            .addKeyValue("container", container.id.index())
            .addKeyValue("cause", e.getMessage())
            .log("in-sync change waits");
        pause();
      }
    }
  }

  private void reread() throws BlockIoException {
    try {
      container.metadata = metadata.container(container.id);
    } catch (MetadataException.Missing e) {
      container.fenced();
    } catch (MetadataException e) {
      pause();
    }
  }

  private void adopt(Versioned<ContainerMembers> now) {
    container.lock.lock();
    try {
      container.metadata = now;
      for (Member member : container.members.values()) {
        boolean listed = now.value().inSync().contains(member.nodeId);
        if (listed) {
          member.joining = false;
        }
        member.inSync = listed;
        member.leaving = false;
        member.entering = false;
      }
      container.progress();
    } finally {
      container.lock.unlock();
    }
  }

  private void pause() throws BlockIoException {
    container.lock.lock();
    try {
      if (!container.isStopped()) {
        container.awaitAttention(container.settings.retryPause().toNanos());
      }
    } catch (InterruptedException e) {
      throw Deadline.interrupted();
    } finally {
      container.lock.unlock();
    }
  }
}
