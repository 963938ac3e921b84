package io.drover.scheduler.power;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the planner has to remember between two plans to decide on standby and wake-up without
 * flapping.
 *
 * @param lowSince since when, without a break, the fleet could have done with one host less
 * @param highSince since when, without a break, the present demand called for one host more
 * @param lastChange when the planner last sent a host to standby or woke one
 * @param totals recent total demand, oldest first, for the fleet's trend
 */
public record PowerMemory(
    Optional<Instant> lowSince,
    Optional<Instant> highSince,
    Optional<Instant> lastChange,
    List<Total> totals) {
  public PowerMemory {
    totals = List.copyOf(totals);
  }

  /** Total decided demand of the fleet at one plan. */
  public record Total(Instant at, double cores) {}

  /** The memory of a scheduler that has just begun. */
  public static PowerMemory fresh() {
    return new PowerMemory(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }

  /** Remembers a total and forgets those older than the window. */
  public PowerMemory withTotal(Instant at, double cores, Duration window) {
    List<Total> kept = new ArrayList<>();
    for (Total total : totals) {
      if (total.at().isBefore(at) && !total.at().isBefore(at.minus(window))) {
        kept.add(total);
      }
    }
    kept.add(new Total(at, cores));
    return new PowerMemory(lowSince, highSince, lastChange, kept);
  }

  /** Keeps the start of the low spell while it lasts, begins one, or ends it. */
  public PowerMemory withLow(boolean low, Instant at) {
    return new PowerMemory(spell(lowSince, low, at), highSince, lastChange, totals);
  }

  /** The same for the high spell. */
  public PowerMemory withHigh(boolean high, Instant at) {
    return new PowerMemory(lowSince, spell(highSince, high, at), lastChange, totals);
  }

  /** A host was sent to standby or woken: the low spell begins anew. */
  public PowerMemory changed(Instant at) {
    return new PowerMemory(Optional.empty(), Optional.empty(), Optional.of(at), totals);
  }

  private static Optional<Instant> spell(Optional<Instant> since, boolean holds, Instant at) {
    if (!holds) {
      return Optional.empty();
    }
    return since.isPresent() ? since : Optional.of(at);
  }
}
