package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;
import java.util.Arrays;

/** Forecasts of what a set of series demands together. Reused, so that asking allocates nothing. */
final class Sums {
  private static final int QUANTILES = FleetShape.QUANTILES.size();

  /** For a horizon: the expected sum, then the distance of each quantile from it. */
  static final int WIDTH = 1 + QUANTILES;

  private final int[] ahead;
  private final JointHistory joint = new JointHistory();
  private final SumCalibration calibration;
  private final float[] raw;

  Sums(int[] ahead) {
    this.ahead = ahead;
    calibration = new SumCalibration(ahead);
    raw = new float[ahead.length * WIDTH];
  }

  void endOfSlot(FleetPredictor fleet, long slot) {
    calibration.endOfSlot(fleet, this, slot);
  }

  void quantiles(FleetPredictor fleet, int[] series, int count, float[] out) {
    raw(fleet, series, count, raw);
    for (int h = 0; h < ahead.length; h++) {
      float expected = raw[h * WIDTH];
      float below = 0;
      for (int q = 0; q < QUANTILES; q++) {
        float factor = q == 0 ? 1 : calibration.factor(count, h, q - 1);
        below = Math.max(below, expected + raw[h * WIDTH + 1 + q] * factor);
        out[h * QUANTILES + q] = below;
      }
    }
  }

  /** Works out expected sums and distances before they are corrected. */
  void raw(FleetPredictor fleet, int[] series, int count, float[] out) {
    Arrays.fill(out, 0, ahead.length * WIDTH, 0);
    int slots = JointHistory.SLOTS;
    long newest = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      HistoryBank history = fleet.history(series[i]);
      int row = FleetPredictor.row(series[i]);
      if (history.known(row) > 0) {
        slots = Math.min(slots, history.span(row));
        newest = Math.max(newest, history.newestSlot(row));
      }
    }
    joint.begin(slots);
    for (int i = 0; i < count; i++) {
      fleet.history(series[i]).addTo(FleetPredictor.row(series[i]), newest, joint.count, joint.sum);
      for (int h = 0; h < ahead.length; h++) {
        out[h * WIDTH] += fleet.expected(series[i], h);
      }
    }
    joint.end();
    for (int h = 0; h < ahead.length; h++) {
      joint.quantiles(ahead[h], out, h * WIDTH + 1);
      out[h * WIDTH] = Math.max(0, out[h * WIDTH]);
    }
  }
}
