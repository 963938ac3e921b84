package io.drover.scheduler.exec;

import io.drover.predictor.fleet.Explained;
import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.forecast.LearnedRange;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.forecast.PhaseSummary;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.VmView;
import io.drover.scheduler.view.SchedulerView.HorizonInfo;
import io.drover.scheduler.view.SchedulerView.ModelInfo;
import io.drover.scheduler.view.SchedulerView.PhaseInfo;
import io.drover.scheduler.view.SchedulerView.PredictionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is known of a machine's demand, in numbers and in a sentence; changes nothing. */
final class ForecastViews {
  /** The horizon that the sentence speaks of, by its index: a few slots ahead. */
  private static final int SPOKEN = 1;

  private final Histories histories;
  private final Forecaster forecaster;
  private final FleetForecasts forecasts;

  ForecastViews(Histories histories, Forecaster forecaster, FleetForecasts forecasts) {
    this.histories = histories;
    this.forecaster = forecaster;
    this.forecasts = forecasts;
  }

  /**
   * The present phase; empty while no stable stretch has been seen.
   *
   * @param planned what the newest plan was made from: tells what the fleet's phases usually last
   */
  Optional<PhaseInfo> phase(String vm, Optional<ClusterState> planned, Instant now) {
    Samples samples = histories.samples(vm);
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    Forecast quick = forecaster.forecast(samples, now, 0);
    return PhaseSummary.of(
            samples,
            forecaster.phases(samples),
            now,
            planned.map(ForecastViews::usual).orElse(Duration.ZERO),
            forecaster.settings().longestRemaining())
        .map(phase ->
            new PhaseInfo(
                quick.level(),
                phase.since().toEpochMilli(),
                phase.remaining().expected().toMillis(),
                phase.remaining().confidence(),
                phase.glitches(),
                phase.undecided()));
  }

  private static Duration usual(ClusterState state) {
    List<Duration> ages = new ArrayList<>();
    for (VmView vm : state.vms()) {
      vm.cpu()
          .phaseSince()
          .ifPresent(since -> ages.add(Duration.between(since, vm.cpu().madeAt())));
    }
    return PhaseSummary.usual(ages);
  }

  /** What the fleet's predictor says of a machine; empty before its first slot has closed. */
  Optional<PredictionInfo> prediction(String vm, Instant now) {
    return forecasts.explain(vm).map(learned -> prediction(vm, learned, now));
  }

  private PredictionInfo prediction(String vm, FleetForecasts.Learned learned, Instant now) {
    List<HorizonInfo> horizons = new ArrayList<>();
    for (Explained one : learned.horizons()) {
      horizons.add(
          new HorizonInfo(
              learned.interval().multipliedBy(one.horizon()).toMillis(),
              one.quantiles().get(0),
              one.quantiles().get(1),
              one.quantiles().get(2),
              one.quantiles().get(3),
              one.usualError(),
              one.correction(),
              one.models().stream()
                  .map(share -> new ModelInfo(share.model(), share.weight()))
                  .toList()));
    }
    return new PredictionInfo(
        learned.slots(),
        learned.trust(),
        learned.interval().toMillis(),
        horizons,
        sentence(learned, horizons.get(SPOKEN), counts(vm, learned, horizons.get(SPOKEN), now)));
  }

  /** How much what was learned counts in a forecast that is made now, and if not at all, why. */
  private String counts(
      String vm, FleetForecasts.Learned learned, HorizonInfo spoken, Instant now) {
    if (learned.trust() == 0) {
      return "which do not count: too few, or demand has left what was learned";
    }
    Optional<LearnedRange> range = forecasts.range(vm);
    if (range.isEmpty() || range.get().tooOld(now)) {
      return "which do not count: the newest is too old";
    }
    double share =
        forecaster
            .forecast(histories.samples(vm), now, 0)
            .withLearned(range.get())
            .learnedShare(Duration.ofMillis(spoken.aheadMillis()));
    if (share == 0) {
      return "which do not count: demand has left what was learned";
    }
    return share == 1
        ? "which count in full"
        : String.format(Locale.ROOT, "which count by %.0f %%", 100 * share);
  }

  private static String sentence(
      FleetForecasts.Learned learned, HorizonInfo spoken, String counts) {
    return String.format(
        Locale.ROOT,
        "in %d s %.2f cores, at most %.2f nine times in ten, mostly by the model '%s';"
            + " from %d slots of %d s, %s",
        spoken.aheadMillis() / 1000,
        spoken.middle(),
        spoken.ninety(),
        spoken.models().getFirst().model(),
        learned.slots(),
        learned.interval().toSeconds(),
        counts);
  }
}
