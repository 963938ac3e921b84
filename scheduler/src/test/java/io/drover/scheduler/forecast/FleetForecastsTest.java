package io.drover.scheduler.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.forecast.LearnedRange;
import io.drover.predictor.history.DemandHistory;
import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Slots of a minute, a sample every five seconds. Replay one seed: {@code -Ddrover.seed=123}. */
class FleetForecastsTest {
  private static final LearningSettings SETTINGS = new LearningSettings(Duration.ofMinutes(1), 20);
  private static final int PER_SLOT = 12;

  private final Forecaster forecaster = new Forecaster(ForecastSettings.production());
  private final List<Verdict> verdicts = new ArrayList<>();
  private final FleetForecasts forecasts = new FleetForecasts(SETTINGS, forecaster, verdicts::add);
  private final Map<String, DemandHistory> histories = new HashMap<>();

  private Samples since(String vm, long from) {
    DemandHistory history = histories.get(vm);
    return history == null ? Samples.empty() : history.since(from);
  }

  private static Instant at(int sample) {
    return Instant.ofEpochSecond(1_700_000_000L / 60 * 60).plusSeconds(5L * sample + 1);
  }

  private void add(String vm, int sample, double cores) {
    histories
        .computeIfAbsent(vm, _ -> new DemandHistory(5000))
        .add(at(sample).toEpochMilli(), cores);
  }

  /** Samples come, and the scheduler looks after each of them. */
  private void live(String vm, int from, int to, IntToDoubleFunction cores) {
    for (int i = from; i < to; i++) {
      add(vm, i, cores.applyAsDouble(i));
      look(i);
    }
  }

  private void look(int sample) {
    forecasts.advance(at(sample), new TreeSet<>(histories.keySet()), this::since);
  }

  private double quantile(String vm, double q, int minutes, int now) {
    return forecasts.range(vm).orElseThrow().quantile(q, at(now).plus(Duration.ofMinutes(minutes)));
  }

  @Test
  void nothingIsKnownBeforeASlotIsOver() {
    live("a", 0, PER_SLOT, i -> 1);
    assertThat(forecasts.range("a")).isEmpty();
    assertThat(forecasts.explain("a")).isEmpty();
    live("a", PER_SLOT, PER_SLOT + 3, i -> 1);
    assertThat(forecasts.range("a")).map(LearnedRange::slots).contains(1);
  }

  @Test
  void aSteadyMachineIsForecastAsItIs() {
    live("a", 0, 60 * PER_SLOT, i -> 1.5);
    assertThat(quantile("a", 0.5, 5, 60 * PER_SLOT)).isBetween(1.49, 1.51);
    assertThat(quantile("a", 0.99, 60, 60 * PER_SLOT)).isBetween(1.5, 1.7);
  }

  @Test
  void aGlitchChangesNoForecast() {
    IntToDoubleFunction calm = i -> 1 + 0.01 * (i % 3);
    live("a", 0, 60 * PER_SLOT, calm);
    double before = quantile("a", 0.95, 5, 60 * PER_SLOT);
    live(
        "a",
        60 * PER_SLOT,
        63 * PER_SLOT,
        i -> i / 4 == 15 * PER_SLOT + 3 ? 4 : calm.applyAsDouble(i));
    assertThat(quantile("a", 0.95, 5, 63 * PER_SLOT)).isBetween(before - 0.02, before + 0.02);
  }

  @Test
  void spikesThatComeEveryMinuteAreHowTheMachineWorks() {
    live("a", 0, 120 * PER_SLOT, i -> i % PER_SLOT < 3 ? 4 : 1);
    // The mean of a minute is 1.75.
    assertThat(quantile("a", 0.95, 5, 120 * PER_SLOT)).isGreaterThan(1.6);
  }

  @Test
  void anHourWithoutSamplesIsAGap() {
    live("a", 0, 40 * PER_SLOT, i -> 1);
    look(100 * PER_SLOT);
    live("a", 100 * PER_SLOT, 102 * PER_SLOT, i -> 1);
    assertThat(forecasts.range("a").orElseThrow().slots()).isBetween(40, 42);
  }

  @Test
  void aMachineThatIsGoneLeavesItsPlaceToAnother() {
    live("a", 0, 60 * PER_SLOT, i -> 8);
    histories.remove("a");
    live("b", 60 * PER_SLOT, 63 * PER_SLOT, i -> 0.5);
    assertThat(forecasts.range("a")).isEmpty();
    assertThat(forecasts.room()).isEqualTo(1);
    assertThat(quantile("b", 0.99, 5, 63 * PER_SLOT)).isLessThan(1);
  }

  @Test
  void whatAgentsRememberIsLearnedByANewSchedulerAsIfItHadBeenThere() {
    Random random = new Random(5);
    double[] a = random.doubles(100 * PER_SLOT, 0.5, 1.5).toArray();
    live("a", 0, 100 * PER_SLOT, i -> a[i]);
    FleetForecasts next = new FleetForecasts(SETTINGS, forecaster, _ -> {});
    Instant now = at(100 * PER_SLOT);
    next.advance(now, Set.of("a"), this::since);
    look(100 * PER_SLOT);
    LearnedRange here = forecasts.range("a").orElseThrow();
    LearnedRange there = next.range("a").orElseThrow();
    assertThat(there.slots()).isEqualTo(here.slots());
    Instant ahead = now.plus(Duration.ofMinutes(15));
    assertThat(there.quantile(0.9, ahead))
        .isBetween(0.9 * here.quantile(0.9, ahead), 1.1 * here.quantile(0.9, ahead));
  }

  @Test
  void aHistoryThatComesAfterTheFirstSamplesIsLearnedFromItsBeginning() {
    for (int i = 0; i < 90 * PER_SLOT; i++) {
      add("old", i, 1);
    }
    Map<String, DemandHistory> remembered = Map.copyOf(histories);
    histories.clear();
    live("old", 90 * PER_SLOT, 93 * PER_SLOT, i -> 1);
    assertThat(forecasts.range("old").orElseThrow().slots()).isLessThan(4);
    DemandHistory whole = Objects.requireNonNull(remembered.get("old"));
    Samples late = since("old", 0);
    for (int i = 0; i < late.size(); i++) {
      whole.add(late.epochMillisAt(i), late.valueAt(i));
    }
    histories.put("old", whole);
    forecasts.merged("old", this::since);
    look(93 * PER_SLOT);
    assertThat(forecasts.range("old").orElseThrow().slots()).isGreaterThan(90);
  }

  @Test
  void aHistoryThatComesInPortionsIsLearnedWholeAlsoWithALookBetween() {
    int slots = 120;
    int begun = (slots - 3) * PER_SLOT;
    int now = slots * PER_SLOT + 3;
    live("a", begun, now, i -> 1);
    Samples late = since("a", 0);
    for (int known = 256; known < begun + 256; known += 256) {
      DemandHistory merged = new DemandHistory(5000);
      for (int i = 0; i < Math.min(known, begun); i++) {
        merged.add(at(i).toEpochMilli(), 1);
      }
      for (int i = 0; i < late.size(); i++) {
        merged.add(late.epochMillisAt(i), late.valueAt(i));
      }
      histories.put("a", merged);
      forecasts.merged("a", this::since);
      if (known == 256) {
        look(now);
      }
    }
    look(now);
    assertThat(forecasts.range("a")).map(LearnedRange::slots).contains(slots);
  }

  @Test
  void whatAnAgentRemembersOfAMachineThatIsKnownLongerTakesNothingAway() {
    histories.put("a", new DemandHistory(50 * PER_SLOT));
    live("a", 0, 100 * PER_SLOT + 3, i -> 1);
    forecasts.merged("a", this::since);
    look(100 * PER_SLOT + 3);
    assertThat(forecasts.range("a")).map(LearnedRange::slots).contains(100);
  }

  @Test
  void aMomentsJumpOfTheClockAheadCostsNoSlot() {
    live("a", 0, 40 * PER_SLOT + 6, i -> 1);
    look(140 * PER_SLOT);
    live("a", 40 * PER_SLOT + 6, 60 * PER_SLOT + 3, i -> 1);
    assertThat(forecasts.range("a")).map(LearnedRange::slots).contains(60);
  }

  @Test
  void aMomentsJumpOfTheClockBackLearnsNothingTwice() {
    live("a", 0, 40 * PER_SLOT + 6, i -> 1);
    look(20 * PER_SLOT);
    live("a", 40 * PER_SLOT + 6, 60 * PER_SLOT + 3, i -> 1);
    assertThat(forecasts.range("a")).map(LearnedRange::slots).contains(60);
  }

  @Test
  void aLargeFleetCatchesUpOverSeveralLooks() {
    int machines = 3 * FleetForecasts.WORK / 200;
    for (int vm = 0; vm < machines; vm++) {
      for (int slot = 0; slot < 200; slot++) {
        add("vm%03d".formatted(vm), slot * PER_SLOT, 1);
      }
    }
    look(200 * PER_SLOT + 3);
    assertThat(forecasts.range("vm000")).isEmpty();
    for (int i = 0; i < 4; i++) {
      look(200 * PER_SLOT + 3);
    }
    assertThat(forecasts.range("vm000").orElseThrow().slots()).isEqualTo(200);
    assertThat(forecasts.size()).isEqualTo(machines);
  }

  @Test
  void passingByManyMachinesIsWorkToo() {
    int slots = 500;
    for (int slot = 0; slot < slots; slot++) {
      add("old", slot * PER_SLOT, 1);
    }
    Set<String> vms = new TreeSet<>(Set.of("old"));
    for (int vm = 0; vm < 2000; vm++) {
      vms.add("vm%04d".formatted(vm));
    }
    int now = slots * PER_SLOT + 3;
    Samples justNow = Samples.of(new long[] {at(now).toEpochMilli()}, new double[] {1});
    DemandSource source = (vm, from) -> vm.equals("old") ? since(vm, from) : justNow;
    forecasts.advance(at(now), vms, source);
    assertThat(forecasts.range("old")).isEmpty();
    forecasts.advance(at(now), vms, source);
    assertThat(forecasts.range("old")).map(LearnedRange::slots).contains(slots);
  }

  @Test
  void everyForecastThatCountsIsJudgedOnce() {
    Random random = new Random(7);
    live("a", 0, 150 * PER_SLOT + 4, i -> 1 + 0.05 * random.nextGaussian());
    long near = verdicts.stream().filter(v -> v.reach() == Verdict.Reach.NEAR).count();
    long far = verdicts.stream().filter(v -> v.reach() == Verdict.Reach.FAR).count();
    // The forecast made in slot 21 is the first that counts for anything.
    assertThat(near).isEqualTo(150 - 21);
    assertThat(far).isEqualTo(150 - 21 - 59);
    assertThat(verdicts).allSatisfy(v -> assertThat(v.error()).isBetween(0.0, 0.2));
    double missed = verdicts.stream().filter(v -> v.passed() > 0).count();
    assertThat(missed / verdicts.size()).isBetween(0.0, 0.2);
  }

  @Test
  void aShortSpikeEveryFiveMinutesIsNoMissedForecast() {
    Random random = new Random(9);
    live(
        "a",
        0,
        400 * PER_SLOT + 4,
        i -> i % (5 * PER_SLOT) / 2 == 7 ? 1.2 : 0.2 + 0.01 * random.nextGaussian());
    assertThat(verdicts).hasSizeGreaterThan(600);
    assertThat(verdicts).allSatisfy(v -> assertThat(v.error()).isBetween(0.0, 0.05));
    double missed = verdicts.stream().filter(v -> v.passed() > 0).count();
    assertThat(missed / verdicts.size()).isBetween(0.0, 0.15);
  }

  @Test
  void aForecastThatIsMadeWhileASurpriseLastsIsNotJudged() {
    Random random = new Random(15);
    live("a", 0, 150 * PER_SLOT + 4, i -> 1 + 0.02 * random.nextGaussian());
    verdicts.clear();
    live("a", 150 * PER_SLOT + 4, 155 * PER_SLOT + 4, i -> 3 + 0.02 * random.nextGaussian());
    // Only the one that was made before demand changed.
    assertThat(verdicts.stream().filter(v -> v.reach() == Verdict.Reach.NEAR)).hasSize(1);
  }

  @Test
  void theRangeAndTheQuickForecastAgreeOnASteadyMachine() {
    live("a", 0, 100 * PER_SLOT, i -> 2 + 0.02 * (i % 5));
    Instant now = at(100 * PER_SLOT);
    Forecast quick = forecaster.forecast(since("a", 0), now, 0.25);
    Forecast both = quick.withLearned(forecasts.range("a").orElseThrow());
    Duration ahead = Duration.ofMinutes(5);
    assertThat(both.inPhaseQuantile(0.9, ahead))
        .isBetween(
            quick.inPhaseQuantile(0.9, ahead) - 0.1, quick.inPhaseQuantile(0.9, ahead) + 0.1);
  }

  @Test
  void aNewLevelIsNotForecastAwayInTheMinutesAfterIt() {
    for (double level : new double[] {0.3, 3}) {
      String vm = "to" + level;
      int change = 150 * PER_SLOT;
      Random random = new Random(13);
      IntToDoubleFunction demand =
          i -> (i < change ? 1 : level) * (1 + 0.1 * random.nextGaussian());
      live(vm, 0, change, demand);
      for (int minute = 1; minute < 60; minute++) {
        int now = change + minute * PER_SLOT;
        live(vm, now - PER_SLOT, now, demand);
        Forecast quick = forecaster.forecast(since(vm, 0), at(now), 0.25);
        Forecast both = forecasts.range(vm).map(quick::withLearned).orElse(quick);
        double expected = quick.inPhaseQuantile(0.5, Duration.ofMinutes(5));
        assertThat(both.inPhaseQuantile(0.5, Duration.ofMinutes(5)))
            .as("%d minutes after a change to %s", minute, level)
            .isBetween(0.8 * expected - 0.05, 1.2 * expected + 0.05);
      }
    }
  }

  @Test
  void whateverComesNothingThrowsAndNothingIsNegative() {
    long seed = Long.getLong("drover.seed", 11);
    Random random = new Random(seed);
    long time = at(0).toEpochMilli();
    for (int i = 0; i < 3000; i++) {
      String vm = "vm" + random.nextInt(6);
      if (random.nextInt(300) == 0) {
        histories.remove(vm);
      }
      time += random.nextInt(50) == 0 ? random.nextLong(-4_000_000_000L, 4_000_000_000L) : 5000;
      double cores = random.nextInt(9) == 0 ? 1e300 * random.nextDouble() : random.nextDouble();
      histories.computeIfAbsent(vm, _ -> new DemandHistory(500)).add(time, cores);
      forecasts.advance(
          Instant.ofEpochMilli(time + random.nextInt(100_000)),
          new TreeSet<>(histories.keySet()),
          this::since);
      forecasts.merged(vm, this::since);
      Instant now = Instant.ofEpochMilli(time);
      forecasts
          .range(vm)
          .ifPresent(range ->
              assertThat(range.quantile(0.9, now))
                  .as("seed %d", seed)
                  .isFinite()
                  .isGreaterThanOrEqualTo(0));
    }
  }
}
