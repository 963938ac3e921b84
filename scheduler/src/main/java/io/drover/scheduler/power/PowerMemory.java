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
 * @param lastStandby when the planner last sent a host to standby
 * @param lastWake when the planner last woke one, or took a draining one back
 * @param totals recent total demand, oldest first, for the fleet's trend
 */
public record PowerMemory(
    Optional<Instant> lowSince,
    Optional<Instant> highSince,
    Optional<Instant> lastStandby,
    Optional<Instant> lastWake,
    List<Total> totals) {
  public PowerMemory {
    totals = List.copyOf(totals);
  }

  /** Total decided demand of the fleet at one plan. */
  public record Total(Instant at, double cores) {}

  /** The memory of a scheduler that has just begun. */
  public static PowerMemory fresh() {
    return new PowerMemory(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
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
    return new PowerMemory(lowSince, highSince, lastStandby, lastWake, kept);
  }

  /** Keeps the start of the low spell while it lasts, begins one, or ends it. */
  public PowerMemory withLow(boolean low, Instant at) {
    return new PowerMemory(spell(lowSince, low, at), highSince, lastStandby, lastWake, totals);
  }

  /** The same for the high spell. */
  public PowerMemory withHigh(boolean high, Instant at) {
    return new PowerMemory(lowSince, spell(highSince, high, at), lastStandby, lastWake, totals);
  }

  /** A host was sent to standby: both spells begin anew. */
  public PowerMemory withStandby(Instant at) {
    return new PowerMemory(Optional.empty(), Optional.empty(), Optional.of(at), lastWake, totals);
  }

  /** A host was woken, or taken back while it was draining: both spells begin anew. */
  public PowerMemory withWake(Instant at) {
    return new PowerMemory(
        Optional.empty(), Optional.empty(), lastStandby, Optional.of(at), totals);
  }

  private static Optional<Instant> spell(Optional<Instant> since, boolean holds, Instant at) {
    if (!holds) {
      return Optional.empty();
    }
    return since.isPresent() ? since : Optional.of(at);
  }
}
