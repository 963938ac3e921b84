package io.drover.storage.store;

import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Decides whether an append still leaves the reserved space free.
 *
 * <p>Asks the file system now and then only: what was granted since is counted, and others may use
 * at most what they write in a tenth of a second.
 */
final class SpaceGuard {
  private static final long VALID_NANOS = 100_000_000L;

  interface Measure {
    long usableBytes() throws IOException;
  }

  private final Measure measure;
  private final long reservedBytes;
  private final LongSupplier nanos;
  private long left;
  private long measuredAt;
  private boolean measured;

  SpaceGuard(Measure measure, long reservedBytes, LongSupplier nanos) {
    this.measure = measure;
    this.reservedBytes = reservedBytes;
    this.nanos = nanos;
  }

  /** Grants the bytes, if they are there. */
  synchronized boolean grant(long bytes) throws IOException {
    long now = nanos.getAsLong();
    if (!measured || now - measuredAt > VALID_NANOS || left < bytes) {
      left = measure.usableBytes() - reservedBytes;
      measuredAt = now;
      measured = true;
    }
    if (left < bytes) {
      return false;
    }
    left -= bytes;
    return true;
  }

  /** Whether the disk has, just now, not even the bytes themselves. */
  boolean isExhausted(long bytes) throws IOException {
    return measure.usableBytes() < bytes;
  }
}
