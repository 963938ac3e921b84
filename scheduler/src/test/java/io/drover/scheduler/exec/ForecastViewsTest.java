package io.drover.scheduler.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.agent.Sample;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.forecast.LearningSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Slots of a minute, a sample every five seconds. */
class ForecastViewsTest {
  private static final int LEAST_SLOTS = 20;
  private static final Instant START = Instant.ofEpochSecond(1_700_000_040);

  private final Histories histories = new Histories(5000);
  private final Forecaster forecaster = new Forecaster(ForecastSettings.production());
  private final FleetForecasts forecasts =
      new FleetForecasts(
          new LearningSettings(Duration.ofMinutes(1), LEAST_SLOTS), forecaster, _ -> {});
  private final ForecastViews views = new ForecastViews(histories, forecaster, forecasts);
  private Instant now = START;

  private void live(int samples, double cores) {
    for (int i = 0; i < samples; i++) {
      now = now.plusSeconds(5);
      histories.add("a", 8, new Sample(now, cores + 0.01 * (i % 3), 0, 0, 0, 0, 0, 0));
      forecasts.advance(now, Set.of("a"), histories);
    }
  }

  private String sentence() {
    return views.prediction("a", now).orElseThrow().sentence();
  }

  @Test
  void aFreshRangeThatDemandIsInCountsInFull() {
    live(50 * 12, 1);
    assertThat(sentence()).endsWith("which count in full");
  }

  @Test
  void oneOfFewSlotsCountsInPartOrNotAtAll() {
    live(15 * 12, 1);
    assertThat(sentence()).contains("do not count: too few");
    live(15 * 12, 1);
    assertThat(sentence()).containsPattern("which count by [45]\\d %");
  }

  @Test
  void anOldOneDoesNotCountAndSaysSo() {
    live(50 * 12 + 3, 1);
    now = now.plus(Duration.ofMinutes(3));
    assertThat(sentence()).containsPattern("which count by \\d+ %");
    now = now.plus(Duration.ofMinutes(3));
    assertThat(sentence()).contains("do not count: the newest is too old");
  }

  @Test
  void oneThatDemandHasJustLeftDoesNotCountAndSaysSo() {
    live(50 * 12 + 3, 1);
    // As many as make a level; the slot is not over.
    live(7, 4);
    assertThat(sentence()).contains("do not count: demand has left what was learned");
  }
}
