package io.drover.predictor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Replay one seed: {@code -Ddrover.seed=123}. */
class ForecastPropertyTest {
  private static final Duration[] AHEAD = {
    Duration.ZERO, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofHours(3)
  };

  private static LongStream seeds() {
    Long one = Long.getLong("drover.seed");
    return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, 400);
  }

  /** Levels, ramps, spikes and any noise. */
  private static Histories any(long seed) {
    Random random = new Random(seed);
    Histories history = new Histories(seed, random.nextDouble() * 0.3);
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      double from = random.nextDouble() * 4;
      double to = random.nextInt(3) == 0 ? random.nextDouble() * 4 : from;
      history.ramp(from, to, 1 + random.nextInt(30));
    }
    return history;
  }

  @Test
  void quantilesAreFiniteNotNegativeAndRiseWithQ() {
    seeds()
        .forEach(seed -> {
          Forecast forecast = any(seed).forecast();
          for (Duration ahead : AHEAD) {
            double before = 0;
            double beforeInPhase = 0;
            for (double q = 0; q <= 1; q += 0.05) {
              double now = forecast.quantile(Math.min(1, q), ahead);
              double inPhase = forecast.inPhaseQuantile(Math.min(1, q), ahead);
              assertThat(now)
                  .as("seed %d, q %s", seed, q)
                  .isFinite()
                  .isGreaterThanOrEqualTo(before);
              assertThat(inPhase)
                  .as("seed %d, q %s", seed, q)
                  .isFinite()
                  .isGreaterThanOrEqualTo(beforeInPhase);
              before = now;
              beforeInPhase = inPhase;
            }
          }
        });
  }

  @Test
  void aPhaseIsMoreLikelyToHaveEndedTheFartherOneLooks() {
    seeds()
        .forEach(seed -> {
          Forecast forecast = any(seed).forecast();
          double before = 0;
          for (Duration ahead : AHEAD) {
            double change = forecast.changeProbability(ahead);
            assertThat(change).as("seed %d", seed).isBetween(before, 1.0);
            before = change;
          }
        });
  }

  @Test
  void theSameHistoryGivesTheSameForecast() {
    seeds()
        .forEach(seed -> {
          Forecast one = any(seed).forecast();
          Forecast two = any(seed).forecast();
          assertThat(one.explanation()).isNotEmpty().isEqualTo(two.explanation());
          for (Duration ahead : AHEAD) {
            assertThat(one.quantile(0.9, ahead)).isEqualTo(two.quantile(0.9, ahead));
          }
        });
  }

  @Test
  void nearQuantilesCoverWhatComesNextAboutAsOftenAsTheySay() {
    int covered = 0;
    int asked = 0;
    for (long seed = 1; seed <= 400; seed++) {
      Histories history = new Histories(seed, 0.05).level(0.5 + seed % 7 * 0.2, 60);
      Forecast forecast = history.forecast();
      double limit = forecast.inPhaseQuantile(0.9, Duration.ofSeconds(5));
      history.level(0.5 + seed % 7 * 0.2, 5);
      for (int i = 60; i < 65; i++) {
        covered += history.samples().valueAt(i) <= limit ? 1 : 0;
        asked++;
      }
    }
    assertThat((double) covered / asked).isBetween(0.84, 0.96);
  }

  @Test
  void quantilesOutsideZeroToOneAreRefused() {
    Forecast forecast = Forecast.steady(Instant.ofEpochSecond(100), Instant.EPOCH, 0.5);
    assertThatThrownBy(() -> forecast.quantile(1.01, Duration.ZERO))
        .hasMessage("quantile is 1.01; accepted: 0 to 1");
    assertThatThrownBy(() -> forecast.inPhaseQuantile(Double.NaN, Duration.ZERO))
        .hasMessage("quantile is NaN; accepted: 0 to 1");
  }
}
