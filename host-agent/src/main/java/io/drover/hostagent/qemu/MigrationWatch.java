package io.drover.hostagent.qemu;

import java.time.Duration;

/** Wakes whoever waits for a migration to get on. */
final class MigrationWatch {
  private long changes;

  synchronized void changed() {
    changes++;
    notifyAll();
  }

  /** How many changes there were; to be read before the state that is looked at. */
  synchronized long changes() {
    return changes;
  }

  /** Returns when there was a change since {@code seen}, or after the limit. */
  synchronized void awaitChange(long seen, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (changes == seen) {
      long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return;
      }
      wait(leftMillis);
    }
  }
}
