package io.drover.predictor.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.predictor.history.Taken;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class FleetPredictorTest {
  private static final long STEP = 300_000;
  private static final int MIDDLE = 0;
  private static final int Q90 = 1;
  private static final int Q99 = 3;

  private final FleetPredictor fleet = new FleetPredictor(FleetShape.cpu());

  private void run(int series, int from, int to, IntToDoubleFunction demand) {
    for (int i = from; i < to; i++) {
      fleet.observe(series, i * STEP, demand.applyAsDouble(i));
      fleet.forecast(series);
    }
  }

  private void assertSane(int series) {
    for (int h = 0; h < fleet.shape().horizons().size(); h++) {
      float below = 0;
      for (int q = 0; q < FleetShape.QUANTILES.size(); q++) {
        float value = fleet.quantile(series, h, q);
        assertThat(value).isFinite().isGreaterThanOrEqualTo(below);
        below = value;
      }
    }
  }

  @Test
  void aSeriesWithoutSamplesIsForecastAsNothing() {
    int one = fleet.add();
    fleet.forecast(one);

    assertThat(fleet.quantile(one, 0, Q99)).isZero();
    assertSane(one);
  }

  @Test
  void oneAndTwoSamplesAreEnoughForAForecast() {
    int one = fleet.add();
    run(one, 0, 1, i -> 4);
    assertThat(fleet.quantile(one, 0, MIDDLE)).isEqualTo(4f);
    assertSane(one);

    run(one, 1, 2, i -> 6);
    assertThat(fleet.quantile(one, 0, MIDDLE)).isBetween(4f, 6f);
    assertSane(one);
  }

  @Test
  void aConstantStaysWhatItIs() {
    int one = fleet.add();
    run(one, 0, 400, i -> 2.5);

    for (int h = 0; h < fleet.shape().horizons().size(); h++) {
      assertThat(fleet.quantile(one, h, MIDDLE)).isEqualTo(2.5f);
      assertThat(fleet.quantile(one, h, Q99)).isBetween(2.5f, 2.7f);
    }
  }

  @Test
  void nothingButZeroStaysZero() {
    int one = fleet.add();
    run(one, 0, 300, i -> 0);

    assertThat(fleet.quantile(one, 2, MIDDLE)).isZero();
    assertThat(fleet.quantile(one, 2, Q99)).isBetween(0f, 1e-6f);
  }

  @Test
  void aSpikeHardlyMovesTheMiddle() {
    int one = fleet.add();
    Random random = new Random(5);
    run(one, 0, 200, i -> 10 + 0.2 * random.nextGaussian());
    run(one, 200, 201, i -> 90);

    assertThat(fleet.quantile(one, 1, MIDDLE)).isBetween(9f, 20f);
  }

  @Test
  void aNewLevelIsFollowed() {
    int one = fleet.add();
    Random random = new Random(6);
    run(one, 0, 300, i -> (i / 40 % 2 == 0 ? 10 : 50) + 0.3 * random.nextGaussian());

    assertThat(fleet.quantile(one, 0, MIDDLE)).isBetween(45f, 55f);
    assertThat(fleet.quantile(one, 0, Q99)).isGreaterThan(48f);
  }

  @Test
  void aDailyRhythmIsFoundAndForecast() {
    int one = fleet.add();
    IntToDoubleFunction rhythm = i -> 50 + 40 * Math.sin(2 * Math.PI * i / 288);
    run(one, 0, 288 * 8, rhythm);

    int now = 288 * 8 - 1;
    int sixHours = fleet.shape().horizons().indexOf(72);
    assertThat((double) fleet.quantile(one, sixHours, MIDDLE))
        .isBetween(rhythm.applyAsDouble(now + 72) - 12, rhythm.applyAsDouble(now + 72) + 12);
  }

  @Test
  void aDailyPeakIsInTheUpperQuantilesWhenItsTimeComes() {
    int one = fleet.add();
    int hourAhead = fleet.shape().horizons().indexOf(12);
    Random random = new Random(5);
    IntToDoubleFunction demand = i -> (i % 288 == 100 ? 80 : 10) + random.nextDouble();
    run(one, 0, 20 * 288 + 89, demand);
    float before = fleet.quantile(one, hourAhead, Q90);
    run(one, 20 * 288 + 89, 20 * 288 + 200, demand);

    assertThat(before).isGreaterThan(2 * fleet.quantile(one, hourAhead, Q90));
  }

  @Test
  void aPeriodThatIsNoDayIsFoundToo() {
    int one = fleet.add();
    IntToDoubleFunction spikes = i -> i % 17 == 3 ? 80 : 5;
    run(one, 0, 17 * 60 + 3, spikes);

    // The next sample is a spike, and nothing but the period tells.
    assertThat(fleet.quantile(one, 0, MIDDLE)).isGreaterThan(40f);
  }

  @Test
  void ninetyInAHundredStayBelowTheQuantile() {
    Random random = new Random(8);
    int series = 40;
    for (int i = 0; i < series; i++) {
      fleet.add();
    }
    int judged = 0;
    int covered = 0;
    for (int t = 0; t < 500; t++) {
      for (int i = 0; i < series; i++) {
        double demand = i + Math.exp(random.nextGaussian());
        if (t >= 50) {
          judged++;
          covered += demand <= fleet.quantile(i, 0, Q90) ? 1 : 0;
        }
        fleet.observe(i, t * STEP, demand);
        fleet.forecast(i);
      }
    }
    assertThat((double) covered / judged).isBetween(0.885, 0.915);
  }

  @Test
  void aNewSeriesStartsFromWhatTheFleetHasLearned() {
    Random random = new Random(9);
    FleetPredictor untaught = new FleetPredictor(FleetShape.cpu());
    int alone = untaught.add();
    for (int i = 0; i < 60; i++) {
      fleet.add();
    }
    // In this fleet every third sample is high: a short history does not show how to deal with it.
    for (int t = 0; t < 300; t++) {
      for (int i = 0; i < 60; i++) {
        fleet.observe(i, t * STEP, (t + i) % 3 == 0 ? 60 : 10 + random.nextDouble());
        fleet.forecast(i);
      }
    }
    int young = fleet.add();
    double taughtError = 0;
    double aloneError = 0;
    for (int t = 300; t < 330; t++) {
      double demand = t % 3 == 0 ? 60 : 10 + random.nextDouble();
      if (t > 306) {
        taughtError += Math.abs(demand - fleet.quantile(young, 0, MIDDLE));
        aloneError += Math.abs(demand - untaught.quantile(alone, 0, MIDDLE));
      }
      fleet.observe(young, t * STEP, demand);
      fleet.forecast(young);
      untaught.observe(alone, t * STEP, demand);
      untaught.forecast(alone);
    }
    assertThat(taughtError).isLessThanOrEqualTo(aloneError);
  }

  @Test
  void whateverComesForecastsAreFiniteRisingAndNotNegative() {
    long seed = Long.getLong("drover.seed", 10);
    Random random = new Random(seed);
    double[] odd = {0, 1e-300, 1e300, Double.NaN, -5, Double.POSITIVE_INFINITY, 1e30, 1, 3e5};
    for (int series = 0; series < 8; series++) {
      fleet.add();
    }
    long time = 0;
    for (int i = 0; i < 6000; i++) {
      int series = random.nextInt(8);
      time += random.nextInt(20) == 0 ? random.nextInt(9_000_000) - 3_000_000 : STEP / 8;
      double value = random.nextInt(4) == 0 ? odd[random.nextInt(odd.length)] : random.nextDouble();
      fleet.observe(series, time, value);
      fleet.forecast(series);
      fleet.endOfSlot(time / STEP);
      assertSane(series);
    }
  }

  @Test
  void theSameSamplesGiveTheSameForecasts() {
    FleetPredictor twin = new FleetPredictor(FleetShape.cpu());
    int one = fleet.add();
    int two = twin.add();
    Random random = new Random(11);
    for (int t = 0; t < 400; t++) {
      double demand = 20 * random.nextDouble();
      fleet.observe(one, t * STEP, demand);
      twin.observe(two, t * STEP, demand);
      fleet.forecast(one);
      twin.forecast(two);
      assertThat(fleet.quantile(one, 2, Q99)).isEqualTo(twin.quantile(two, 2, Q99));
    }
  }

  @Test
  void oddSamplesChangeNothing() {
    int one = fleet.add();
    run(one, 0, 50, i -> 5 + i % 3);
    float before = fleet.quantile(one, 0, Q99);

    assertThat(fleet.observe(one, 50 * STEP, Double.NaN)).isEqualTo(Taken.NOT_A_DEMAND);
    assertThat(fleet.observe(one, 3 * STEP, 9)).isEqualTo(Taken.NOT_NEWER);
    fleet.forecast(one);
    assertThat(fleet.quantile(one, 0, Q99)).isEqualTo(before);
  }

  @Test
  void aClearedSeriesHasForgottenAll() {
    int one = fleet.add();
    run(one, 0, 100, i -> 50);
    fleet.clear(one);
    run(one, 200, 201, i -> 1);

    assertThat(fleet.quantile(one, 0, Q99)).isLessThan(2f);
  }

  @Test
  void anExplanationNamesTheModelsThatCountAndTheNumbersThatWereForecast() {
    int one = fleet.add();
    run(one, 0, 17 * 60 + 3, i -> i % 17 == 3 ? 80 : 5);
    Explained explained = fleet.explain(one, 0);

    assertThat(explained.quantiles().getFirst()).isEqualTo(fleet.quantile(one, 0, MIDDLE));
    assertThat(explained.models()).hasSize(3);
    assertThat(explained.models().getFirst().model()).contains("period");
    assertThat(explained.sentence()).contains(explained.models().getFirst().model());
  }

  @Test
  void anUnknownSeriesIsNamed() {
    assertThatThrownBy(() -> fleet.forecast(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3");
  }
}
