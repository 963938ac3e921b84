package io.drover.daemon.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what cannot be subscribed to because it happens in other processes. */
final class Await {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private Await() {}

  /** A look at something; what it throws counts as "not yet". */
  @FunctionalInterface
  interface Look<T> {
    Optional<T> look() throws Exception;
  }

  /** A condition. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration limit, Supplier<String> details, Condition condition) {
    Object _ =
        value(
            what,
            limit,
            details,
            () -> condition.holds() ? Optional.of(Boolean.TRUE) : Optional.empty());
  }

  /** The first value that a look finds; {@code details} are added to the failure. */
  static <T> T value(String what, Duration limit, Supplier<String> details, Look<T> look) {
    long deadline = System.nanoTime() + limit.toNanos();
    @Nullable Exception last = null;
    while (System.nanoTime() < deadline) {
      try {
        Optional<T> found = look.look();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
        Thread.sleep(BETWEEN_LOOKS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for: " + what, interrupted);
      } catch (Exception notYet) {
        last = notYet;
        pause();
      }
    }
    throw new AssertionError(
        "not within " + limit.toSeconds() + " s: " + what + "\n" + details.get(), last);
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
