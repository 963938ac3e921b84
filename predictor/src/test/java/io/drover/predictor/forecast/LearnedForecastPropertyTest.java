package io.drover.predictor.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The quick forecast and the learned one together. Replay one seed: {@code -Ddrover.seed=123}. */
class LearnedForecastPropertyTest {
  private static final Duration SLOT = Duration.ofMinutes(1);
  private static final List<Integer> HORIZONS = List.of(1, 5, 15, 60);
  private static final List<Double> LEVELS = List.of(0.5, 0.9, 0.95, 0.99);

  private static LongStream seeds() {
    Long one = Long.getLong("drover.seed");
    return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, 300);
  }

  private static Histories any(Random random) {
    Histories history = new Histories(random.nextLong(), random.nextDouble() * 0.3);
    for (int i = 0; i < 1 + random.nextInt(6); i++) {
      double from = random.nextDouble() * 4;
      double to = random.nextInt(3) == 0 ? random.nextDouble() * 4 : from;
      history.ramp(from, to, 1 + random.nextInt(40));
    }
    return history;
  }

  /** Around a middle, wider the farther ahead. */
  private static LearnedRange range(Histories history, double middle, double width) {
    double[][] values = new double[HORIZONS.size()][LEVELS.size()];
    for (int h = 0; h < values.length; h++) {
      for (int q = 0; q < LEVELS.size(); q++) {
        values[h][q] = middle + q * width * (1 + h);
      }
    }
    return new LearnedRange(history.now().minusSeconds(20), SLOT, 200, 1, HORIZONS, LEVELS, values);
  }

  @Test
  void quantilesAreFiniteNotNegativeAndRiseWithQ() {
    seeds()
        .forEach(seed -> {
          Random random = new Random(seed);
          Histories history = any(random);
          Forecast both =
              history
                  .forecast()
                  .withLearned(range(history, 4 * random.nextDouble(), random.nextDouble()));
          for (int minutes = 0; minutes < 100; minutes += 1 + minutes / 2) {
            Duration ahead = Duration.ofMinutes(minutes);
            double below = 0;
            double belowInPhase = 0;
            for (double q = 0; q <= 1; q += 0.0625) {
              double value = both.quantile(q, ahead);
              double inPhase = both.inPhaseQuantile(q, ahead);
              assertThat(value).as("seed %d, q %s", seed, q).isFinite();
              assertThat(value).as("seed %d, q %s", seed, q).isGreaterThanOrEqualTo(below);
              assertThat(inPhase).as("seed %d, q %s", seed, q).isFinite();
              assertThat(inPhase).as("seed %d", seed).isGreaterThanOrEqualTo(belowInPhase);
              below = value;
              belowInPhase = inPhase;
            }
          }
        });
  }

  @Test
  void aSmallStepAheadIsASmallStepOfTheForecast() {
    seeds()
        .forEach(seed -> {
          Random random = new Random(seed);
          Histories history = any(random);
          Forecast both =
              history.forecast().withLearned(range(history, 4 * random.nextDouble(), 0.2));
          double before = both.inPhaseQuantile(0.9, Duration.ZERO);
          for (int seconds = 1; seconds < 1200; seconds++) {
            double now = both.inPhaseQuantile(0.9, Duration.ofSeconds(seconds));
            assertThat(Math.abs(now - before)).as("seed %d, %d s", seed, seconds).isLessThan(0.25);
            before = now;
          }
        });
  }

  @Test
  void nearerThanASlotTheQuickOneRulesAlone() {
    seeds()
        .forEach(seed -> {
          Random random = new Random(seed);
          Histories history = any(random);
          Forecast quick = history.forecast();
          Forecast both = quick.withLearned(range(history, 4 * random.nextDouble(), 0.2));
          Duration ahead = Duration.ofMillis(random.nextInt(60_001));
          assertThat(both.inPhaseQuantile(0.9, ahead))
              .as("seed %d", seed)
              .isEqualTo(quick.inPhaseQuantile(0.9, ahead));
        });
  }

  @Test
  void fromTwoSlotsOnASteadyMachineIsForecastByWhatWasLearned() {
    Histories history = new Histories(1, 0.02).level(1, 200);
    LearnedRange range = range(history, 1.02, 0.1);
    Forecast both = history.forecast().withLearned(range);
    Duration ahead = Duration.ofMinutes(5);
    assertThat(both.inPhaseQuantile(0.9, ahead))
        .isEqualTo(range.quantile(0.9, both.madeAt().plus(ahead)));
    assertThat(both.explanation()).contains("learned from 200 slots");
  }

  @Test
  void aGlitchDoesNotRaiseIt() {
    seeds()
        .forEach(seed -> {
          Random random = new Random(seed);
          double level = 0.3 + 2 * random.nextDouble();
          Histories history = new Histories(seed, 0.02).level(level, 200);
          Duration ahead = Duration.ofSeconds(random.nextInt(600));
          double before =
              history
                  .forecast()
                  .withLearned(range(history, level, 0.1))
                  .inPhaseQuantile(0.9, ahead);
          history.level(level + 1 + random.nextDouble(), 1 + random.nextInt(3));
          double during =
              history
                  .forecast()
                  .withLearned(range(history, level, 0.1))
                  .inPhaseQuantile(0.9, ahead);
          assertThat(during).as("seed %d", seed).isLessThan(before + 0.05);
        });
  }

  @Test
  void aRampRaisesItHoweverLowTheLearnedRangeIs() {
    seeds()
        .forEach(seed -> {
          Histories history = new Histories(seed, 0.02).level(0.5, 100).ramp(0.5, 2, 40);
          Forecast quick = history.forecast();
          assertThat(quick.trendPerSecond()).as("seed %d", seed).isPositive();
          Forecast both = quick.withLearned(range(history, 0.5, 0.6));
          for (int minutes : new int[] {0, 1, 3, 10}) {
            Duration ahead = Duration.ofMinutes(minutes);
            assertThat(both.inPhaseQuantile(0.9, ahead))
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(quick.inPhaseQuantile(0.9, ahead));
          }
        });
  }

  @Test
  void aNewLevelThatTheSlotsDoNotShowYetIsNotHeldDown() {
    Histories history = new Histories(3, 0.02).level(0.5, 300).level(3, 8);
    Forecast both = history.forecast().withLearned(range(history, 0.5, 0.05));
    assertThat(both.inPhaseQuantile(0.9, Duration.ofMinutes(5))).isGreaterThan(2.9);
    assertThat(both.explanation()).contains("does not count");
  }

  @Test
  void aMachineWithoutSamplesStaysUnknown() {
    Histories history = new Histories(4, 0).level(1, 10);
    Forecast unknown = Forecast.unknown(history.now(), 0.25);
    assertThat(unknown.withLearned(range(history, 1, 0.1))).isSameAs(unknown);
  }
}
