package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment until which a request may wait; counted by this machine's monotonic clock. */
record Deadline(long atNanos) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** Nanoseconds left, at least 1 until it has passed. */
  long remainingNanos() {
    return atNanos - System.nanoTime();
  }

  boolean passed() {
    return remainingNanos() <= 0;
  }

  /** The earlier of this and the moment after {@code duration}. */
  Deadline orIn(Duration duration) {
    Deadline other = in(duration);
    return other.atNanos - atNanos < 0 ? other : this;
  }

  void check(String waitingFor) throws BlockIoException {
    if (passed()) {
      throw missed(waitingFor);
    }
  }

  /** Rests before another attempt, no longer than there is time. */
  void pause(Duration pause) throws BlockIoException {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), remainingNanos()));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  static BlockIoException missed(String waitingFor) {
    return new BlockIoException(Reason.IO, "gave up waiting for " + waitingFor);
  }

  static BlockIoException interrupted() {
    Thread.currentThread().interrupt();
    return new BlockIoException(Reason.SHUTDOWN, "interrupted");
  }
}
