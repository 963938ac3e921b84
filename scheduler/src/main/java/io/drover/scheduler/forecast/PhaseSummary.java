package io.drover.scheduler.forecast;

import io.drover.predictor.glitch.Phases;
import io.drover.predictor.glitch.RemainingStable;
import io.drover.predictor.glitch.StablePeriod;
import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The present phase of a machine's demand.
 *
 * @param since when it began
 * @param remaining how long it may last on
 * @param glitches how many spikes were left out of the samples that are kept
 * @param undecided samples at the end that may be a glitch or a new phase
 */
public record PhaseSummary(Instant since, RemainingStable remaining, int glitches, int undecided) {

  /**
   * Sums up; empty while no stable stretch has been seen.
   *
   * @param phases of these samples
   * @param usual what the fleet's phases last
   * @param longest upper bound of what is expected
   */
  public static Optional<PhaseSummary> of(
      Samples samples, Phases phases, Instant now, Duration usual, Duration longest) {
    if (phases.current().isEmpty()) {
      return Optional.empty();
    }
    StablePeriod present = phases.current().get();
    List<Duration> ended = new ArrayList<>();
    for (StablePeriod period : phases.periods().subList(0, phases.periods().size() - 1)) {
      long millis = samples.epochMillisAt(period.to() - 1) - samples.epochMillisAt(period.from());
      ended.add(Duration.ofMillis(millis));
    }
    Instant since = Instant.ofEpochMilli(samples.epochMillisAt(present.from()));
    Duration age = since.isBefore(now) ? Duration.between(since, now) : Duration.ZERO;
    return Optional.of(
        new PhaseSummary(
            since,
            RemainingStable.of(ended, age, usual, longest),
            phases.glitches(),
            phases.undecided().map(group -> group.span().length()).orElse(0)));
  }

  /** What a fleet's phases usually last, by how old its present ones are; zero for none. */
  public static Duration usual(List<Duration> ages) {
    List<Duration> sorted = ages.stream().sorted().toList();
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
  }
}
