package io.drover.storage.controller;

import io.drover.storage.meta.Lease;
import io.drover.storage.meta.Versioned;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A lease that this node has taken.
 *
 * @param lease as it stands in the metadata since then
 * @param earlierMayServe whether an earlier holder may still believe that it has it: it neither
 *     released it nor was it this node
 * @param askedAtNanos a moment before the taking, by this machine's monotonic clock
 * @param takenAtNanos a moment after it
 */
public record HeldLease(
    Versioned<Lease> lease, boolean earlierMayServe, long askedAtNanos, long takenAtNanos) {
  public HeldLease {
    if (lease.value().holder().isEmpty() || lease.value().epoch() < 1) {
      throw new IllegalArgumentException("lease " + lease + " is not held");
    }
  }

  public long epoch() {
    return lease.value().epoch();
  }

  int version() {
    return lease.version();
  }

  /** An earlier holder that was not confirmed since the taking is silent after the interval. */
  void awaitEarlierHolderSilent(Duration interval) throws InterruptedException {
    if (earlierMayServe) {
      TimeUnit.NANOSECONDS.sleep(takenAtNanos + interval.toNanos() - System.nanoTime());
    }
  }
}
