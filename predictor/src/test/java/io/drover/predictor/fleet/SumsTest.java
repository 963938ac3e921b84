package io.drover.predictor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SumsTest {
  private static final long STEP = 300_000;
  private static final int SERIES = 20;
  private static final int Q99 = 3;

  private final FleetPredictor fleet = new FleetPredictor(FleetShape.cpu());
  private final int[] all = IntStream.range(0, SERIES).toArray();
  private final float[] out =
      new float[fleet.shape().horizons().size() * FleetShape.QUANTILES.size()];

  /** Every series peaks one time in ten; together, or each at its own time. */
  private void run(boolean together) {
    Random random = new Random(4);
    for (int i = 0; i < SERIES; i++) {
      fleet.add();
    }
    for (int t = 0; t < 400; t++) {
      boolean peak = random.nextInt(10) == 0;
      for (int i = 0; i < SERIES; i++) {
        boolean own = random.nextInt(10) == 0;
        fleet.observe(i, t * STEP, (together ? peak : own) ? 11 : 1);
        fleet.forecast(i);
      }
      fleet.endOfSlot(t);
    }
    fleet.sum(all, SERIES, out);
  }

  @Test
  void peaksThatCoincideAddUp() {
    run(true);

    assertThat(out[Q99]).isGreaterThan(0.8f * SERIES * 11);
  }

  @Test
  void peaksThatDoNotCoincideDoNotAddUp() {
    run(false);

    // Each has a mean of 2; twenty of them hardly ever pass 110, let alone the 220 of all peaks.
    assertThat(out[Q99]).isBetween(55f, 140f);
  }

  @Test
  void quantilesOfASumRiseAndNoneIsNegative() {
    run(false);

    for (int h = 0; h < fleet.shape().horizons().size(); h++) {
      float below = 0;
      for (int q = 0; q < FleetShape.QUANTILES.size(); q++) {
        float value = out[h * FleetShape.QUANTILES.size() + q];
        assertThat(value).isFinite().isGreaterThanOrEqualTo(below);
        below = value;
      }
    }
  }

  @Test
  void aSetWithASeriesThatHasShownNothingIsForecastFromTheOthers() {
    fleet.add();
    fleet.add();
    for (int t = 0; t < 30; t++) {
      fleet.observe(0, t * STEP, 5);
      fleet.forecast(0);
    }
    fleet.sum(new int[] {0, 1}, 2, out);

    assertThat(out[0]).isBetween(4.9f, 5.1f);
  }
}
