package io.drover.scheduler.exec;

import io.drover.scheduler.exec.Fiber.Incarnation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Time, chance and the order of events of a simulated cluster. */
final class SimWorld {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final Random random;
  final List<String> log = new ArrayList<>();
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long nanos;
  private long events;

  /** How likely something goes wrong at one point where code asks the world; 0 once it heals. */
  double trouble;

  /** Looks whether everything that must always hold does. */
  Runnable invariants = () -> {};

  private record Event(long at, long number, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  SimWorld(long seed) {
    random = new Random(seed);
  }

  Instant now() {
    return START.plusNanos(nanos);
  }

  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  void after(Duration delay, Runnable what) {
    events++;
    queue.add(new Event(nanos + Math.max(1, delay.toNanos()), events, what));
  }

  /** A short time of chance, as messages and calls take. */
  Duration moment() {
    return Duration.ofMillis(1 + random.nextInt(random.nextInt(20) == 0 ? 2000 : 50));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  void note(String what) {
    log.add("%9.3f %s".formatted(nanos / 1e9, what));
  }

  /** Runs until the time is over or the condition holds. */
  boolean runUntil(Duration limit, java.util.function.BooleanSupplier done) {
    long end = nanos + limit.toNanos();
    while (!queue.isEmpty() && queue.peek().at() <= end) {
      Event next = queue.poll();
      nanos = next.at();
      next.what().run();
      invariants.run();
      if (done.getAsBoolean()) {
        return true;
      }
    }
    nanos = end;
    return done.getAsBoolean();
  }

  /** Runs blocking code of a process, a piece at a time. */
  void fiber(Incarnation owner, Runnable body, Runnable ended) {
    Fiber fiber = new Fiber(owner, body);
    after(moment(), () -> goOn(fiber, ended));
  }

  private void goOn(Fiber fiber, Runnable ended) {
    if (fiber.step()) {
      if (!fiber.owner().dead) {
        ended.run();
      }
    } else {
      after(moment(), () -> goOn(fiber, ended));
    }
  }

  /** A point at which time passes and anything may happen; code outside of fibers passes it by. */
  void point() {
    @Nullable Fiber fiber = Fiber.current();
    if (fiber != null) {
      fiber.stand();
    }
  }

  /** Whether a call goes wrong here; never for code outside of fibers. */
  boolean fails() {
    return Fiber.current() != null && chance(trouble);
  }
}
