package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.disk.DiskId;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.Lease;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confirms a held lease again and again, and holds back answers while it is not confirmed.
 *
 * <p>A confirmation counts from the moment when it was asked for, so that a slow answer makes it
 * short rather than wrong.
 */
final class LeaseGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseGuard.class);

  private final DiskMetadata metadata;
  private final DiskId disk;
  private final Versioned<Lease> held;
  private final Duration interval;
  private final Runnable onLost;
  private volatile long confirmedUntilNanos;
  private volatile @Nullable BlockIoException ended;
  private volatile @Nullable Thread confirmer;

  /** While the lease is being given back, it changes by our own doing. */
  private volatile boolean suspended;

  LeaseGuard(
      DiskMetadata metadata, DiskId disk, HeldLease lease, Duration interval, Runnable onLost) {
    this.metadata = metadata;
    this.disk = disk;
    this.held = lease.lease();
    this.interval = interval;
    this.onLost = onLost;
    this.confirmedUntilNanos = lease.askedAtNanos() + interval.toNanos();
  }

  void start() {
    confirmer = Thread.ofVirtual().name("lease-" + disk).start(this::confirmForever);
  }

  private void confirmForever() {
    boolean warned = false;
    while (ended == null) {
      long asked = System.nanoTime();
      try {
        boolean ours = metadata.lease(disk).equals(held);
        if (!suspended) {
          if (!ours) {
            lost("the metadata names another holder");
            return;
          }
          confirmed(asked + interval.toNanos());
        }
        if (warned) {
          log.atInfo()
              .addKeyValue("disk", disk)
              .addKeyValue("epoch", held.value().epoch())
              .log("lease confirmed again");
        }
        warned = false;
      } catch (MetadataException.Missing e) {
        lost("the disk is gone");
        return;
      } catch (MetadataException | RuntimeException e) {
        // Whatever went wrong, the lease is not confirmed, and the next look may confirm it.
        if (ended == null && !warned) {
          log.atWarn()
              .addKeyValue("disk", disk)
              .addKeyValue("epoch", held.value().epoch())
              .addKeyValue("cause", e.toString())
              .log("lease not confirmed");
        }
        warned = true;
      }
      try {
        Thread.sleep(interval.dividedBy(warned ? 10 : 4));
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  /** Before the lease is given back. */
  void suspend() {
    suspended = true;
  }

  /** The lease could not be given back; the next look tells whether it is still held. */
  void resume() {
    suspended = false;
  }

  private void lost(String why) {
    if (ended != null) {
      return;
    }
    log.atWarn()
        .addKeyValue("disk", disk)
        .addKeyValue("epoch", held.value().epoch())
        .addKeyValue("cause", why)
        .log("lease lost");
    end(new BlockIoException(Reason.FENCED, "disk " + disk + " has another holder"));
    onLost.run();
  }

  private synchronized void confirmed(long untilNanos) {
    confirmedUntilNanos = untilNanos;
    notifyAll();
  }

  boolean isConfirmed() {
    return confirmedUntilNanos - System.nanoTime() > 0;
  }

  /** Waits while the lease is not confirmed. */
  void await(Deadline deadline) throws BlockIoException {
    if (ended == null && isConfirmed()) {
      return;
    }
    synchronized (this) {
      try {
        while (ended == null && !isConfirmed()) {
          long nanos = deadline.remainingNanos();
          if (nanos <= 0) {
            throw Deadline.missed("the lease of disk " + disk + " to be confirmed");
          }
          wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
        }
      } catch (InterruptedException e) {
        throw Deadline.interrupted();
      }
    }
    BlockIoException why = ended;
    if (why != null) {
      throw new BlockIoException(why.reason(), String.valueOf(why.getMessage()), why);
    }
  }

  private synchronized void end(BlockIoException why) {
    if (ended == null) {
      ended = why;
    }
    notifyAll();
  }

  /** Ends the confirming, and lets nothing be answered any more. */
  @Override
  public void close() {
    end(new BlockIoException(Reason.SHUTDOWN, "disk " + disk + " is being closed"));
    Thread thread = confirmer;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
