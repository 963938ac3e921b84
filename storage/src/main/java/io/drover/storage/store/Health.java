package io.drover.storage.store;

import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReplicaException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with a container, if anything, and which calls that forbids. */
final class Health {
  private static final Logger logger = LoggerFactory.getLogger(Health.class);

  private enum Presence {
    THERE,
    REMOVED,
    CLOSED
  }

  private final ContainerId id;
  private final Pool pool;
  private Presence presence = Presence.THERE;
  private @Nullable IOException failure;
  private long damagedSequence;

  /** The damage was found by replay: what follows it is not known, so nothing can be appended. */
  private boolean endUnknown;

  /**
   * @param damagedSequence found by replay, 0 when there is none
   */
  Health(ContainerId id, Pool pool, long damagedSequence) {
    this.id = id;
    this.pool = pool;
    this.damagedSequence = damagedSequence;
    this.endUnknown = damagedSequence != 0;
    pool.metrics().containers.inc();
    if (endUnknown) {
      pool.metrics().damagedContainers.inc();
      pool.metrics().damagedRecords.inc();
      logDamage("record before the flush mark unreadable");
    }
  }

  synchronized void checkThere() throws ReplicaException {
    switch (presence) {
      case THERE -> {}
      case REMOVED -> throw new ReplicaException.Absent(id);
      case CLOSED ->
          throw new ReplicaException.Unreachable("pool of " + pool.nodeId() + " is closed", null);
    }
  }

  synchronized void checkReadable() throws ReplicaException {
    checkThere();
    if (damagedSequence != 0) {
      throw new ReplicaException.Damaged(id, damagedSequence);
    }
  }

  synchronized void checkNotFailed() throws ReplicaException {
    checkThere();
    if (failure != null) {
      throw new ReplicaException.StoreFailed(
          pool.nodeId() + ": " + id + " takes no more writes since its disk failed: " + failure,
          failure);
    }
  }

  synchronized void checkWritable() throws ReplicaException {
    checkNotFailed();
    if (endUnknown) {
      throw new ReplicaException.Damaged(id, damagedSequence);
    }
  }

  synchronized boolean isWhole() {
    return presence == Presence.THERE && failure == null && damagedSequence == 0;
  }

  synchronized boolean isEndUnknown() {
    return endUnknown;
  }

  synchronized long damagedSequence() {
    return damagedSequence;
  }

  /** Notes that the disk under the container failed; the answer is to be thrown. */
  synchronized ReplicaException.StoreFailed fail(String what, IOException cause) {
    if (failure == null) {
      failure = cause;
      pool.metrics().failedContainers.inc();
      logger
          .atError()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", id)
          .addKeyValue("what", what)
          .addKeyValue("cause", cause.toString())
          .log("disk failed, container takes no more writes until its node restarts");
    }
    return new ReplicaException.StoreFailed(
        pool.nodeId() + ": container " + id + ": " + what + " failed: " + cause, cause);
  }

  /** Notes that a record that was there cannot be read any more; the answer is to be thrown. */
  synchronized ReplicaException.Damaged damage(long sequence) {
    if (damagedSequence == 0) {
      pool.metrics().damagedContainers.inc();
    }
    if (damagedSequence == 0 || sequence < damagedSequence) {
      damagedSequence = sequence;
      pool.metrics().damagedRecords.inc();
      logDamage("record unreadable");
    }
    return new ReplicaException.Damaged(id, damagedSequence);
  }

  private void logDamage(String what) {
    logger
        .atError()
        .addKeyValue("node", pool.nodeId())
        .addKeyValue("container", id)
        .addKeyValue("sequence", damagedSequence)
        .log(what + ", container serves no reads until it is cut there and brought up from a peer");
  }

  /** The log was cut so that it ends with the sequence. */
  synchronized void cutAfter(long sequence) {
    if (damagedSequence > sequence) {
      damagedSequence = 0;
      pool.metrics().damagedContainers.dec();
      logger
          .atInfo()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", id)
          .addKeyValue("last", sequence)
          .log("damaged records cut");
    }
    endUnknown = false;
  }

  /** Whether this call ended it. */
  synchronized boolean end(boolean remove) {
    if (presence != Presence.THERE) {
      return false;
    }
    presence = remove ? Presence.REMOVED : Presence.CLOSED;
    pool.metrics().containers.dec();
    if (damagedSequence != 0) {
      pool.metrics().damagedContainers.dec();
    }
    if (failure != null) {
      pool.metrics().failedContainers.dec();
    }
    return true;
  }
}
