package io.drover.predictor.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacktestTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private static TraceSet traces(int count, int length, long seed) {
    Random random = new Random(seed);
    List<Trace> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[length];
      for (int t = 0; t < length; t++) {
        values[t] = 5 + i + random.nextInt(7);
      }
      all.add(new Trace("vm" + i, 0, values));
    }
    return new TraceSet(INTERVAL, all);
  }

  private static BacktestReport.Result of(BacktestReport report, String model, int horizon) {
    return report.results().stream()
        .filter(one -> one.model().equals(model) && one.horizon() == horizon)
        .findAny()
        .orElseThrow();
  }

  @Test
  void theLastValueIsOffByTheMeanStep() {
    Trace saw = new Trace("saw", 0, new float[] {1, 3, 1, 3, 1, 3, 1, 3, 1, 3});
    BacktestReport report =
        Backtest.run(new TraceSet(INTERVAL, List.of(saw)), List.of(1, 2), false, percent -> {});

    assertThat(of(report, "last value", 1).mae()).isEqualTo(2);
    assertThat(of(report, "last value", 1).rmse()).isEqualTo(2);
    assertThat(of(report, "last value", 1).mase()).isEqualTo(1);
    assertThat(of(report, "last value", 1).pinball().get("0.5")).isEqualTo(1);
    assertThat(of(report, "last value", 2).mae()).isZero();
    assertThat(of(report, "mean of 6", 1).mae()).isEqualTo(1);
  }

  @Test
  void everyForecasterIsJudgedAtEveryHorizonInTheGivenOrder() {
    BacktestReport report = Backtest.run(traces(3, 40, 1), List.of(1, 3), false, percent -> {});

    assertThat(report.results().stream().map(BacktestReport.Result::model).distinct())
        .containsExactly(
            "drover",
            "last value",
            "mean of 6",
            "median of 12",
            "median of 48",
            "ewma",
            "seasonal naive",
            "holt-winters");
    assertThat(report.results()).hasSize(16);
    assertThat(report.series()).isEqualTo(3);
    // Origins from the sixth sample on whose target is still in the recording.
    assertThat(report.forecasts()).isEqualTo(3 * (34 + 32));
  }

  @Test
  void whatComesLaterDoesNotChangeWhatWasForecast() {
    TraceSet whole = traces(4, 120, 2);
    List<Trace> cut = new ArrayList<>();
    for (Trace one : whole.traces()) {
      float[] values = one.values();
      Arrays.fill(values, 60, 120, 1000);
      cut.add(new Trace(one.name(), 0, values));
    }
    BacktestReport before = Backtest.run(whole, List.of(1), true, percent -> {});
    BacktestReport after =
        Backtest.run(new TraceSet(INTERVAL, cut), List.of(1), true, percent -> {});

    for (SeriesChart one : before.charts()) {
      for (SeriesChart other : after.charts()) {
        if (one.name().equals(other.name())) {
          // Forecasts for the first 60 intervals were made from samples that are the same.
          assertThat(Arrays.copyOf(one.high(), 60))
              .containsExactly(Arrays.copyOf(other.high(), 60));
        }
      }
    }
    assertThat(before.charts()).extracting(SeriesChart::place).contains("worst", "best");
  }

  @Test
  void aRunCanBeRepeated() {
    assertThat(Backtest.run(traces(6, 80, 3), List.of(1, 12), false, percent -> {}))
        .isEqualTo(Backtest.run(traces(6, 80, 3), List.of(1, 12), false, percent -> {}));
  }

  @Test
  void gapsAreNotJudged() {
    float[] values = new float[50];
    Arrays.fill(values, 4);
    values[20] = Float.NaN;
    BacktestReport report =
        Backtest.run(
            new TraceSet(INTERVAL, List.of(new Trace("gap", 0, values))),
            List.of(1),
            false,
            percent -> {});

    assertThat(report.forecasts()).isEqualTo(44 - 2);
    assertThat(of(report, "drover", 1).mae()).isCloseTo(0, within(1e-6));
  }

  @Test
  void sumsAreJudgedForTheSizesThereAreSeriesFor() {
    BacktestReport report = Backtest.run(traces(25, 300, 4), List.of(1), false, percent -> {});

    assertThat(report.sums()).extracting(BacktestReport.Sum::size).containsExactly(5, 20);
    assertThat(report.sums())
        .allSatisfy(sum -> assertThat(sum.coverage().get("0.9")).isBetween(0.85, 0.95));
  }

  @Test
  void progressIsToldToTheEnd() {
    List<Integer> told = new ArrayList<>();
    Backtest.run(traces(2, 30, 5), List.of(1), false, told::add);

    assertThat(told).isSorted().endsWith(100);
  }

  @Test
  void horizonsThatDoNotRiseAreRefused() {
    assertThatThrownBy(() -> Backtest.run(traces(1, 9, 6), List.of(3, 1), false, percent -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 1]");
  }
}
