package io.drover.hostagent.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions of real parts, under limits that only a failure reaches. */
public final class Await {
  public static final Duration LIMIT = Duration.ofMinutes(4);
  private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

  private Await() {}

  /**
   * Waits until the condition holds.
   *
   * @param what completes "did not see ..."
   */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    until(what, condition, () -> "");
  }

  /** Waits; a failure shows what {@code details} then says. */
  public static void until(String what, Callable<Boolean> condition, Supplier<String> details)
      throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "did not see " + what + " within " + LIMIT.toSeconds() + " s. " + details.get());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
