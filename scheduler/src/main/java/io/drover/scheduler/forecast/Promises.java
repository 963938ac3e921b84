package io.drover.scheduler.forecast;

import io.drover.predictor.fleet.FleetPredictor;
import io.drover.predictor.fleet.FleetShape;
import java.util.Arrays;

/** Forecasts of one series at one horizon that wait for their time. */
final class Promises {
  private static final int WIDTH = FleetShape.QUANTILES.size();

  private final Verdict.Reach reach;
  private final int horizon;
  private final int ahead;
  private final long[] madeIn;
  private final float[] said;

  /**
   * @param horizon by its index
   * @param ahead the same in slots
   */
  Promises(Verdict.Reach reach, int horizon, int ahead) {
    this.reach = reach;
    this.horizon = horizon;
    this.ahead = ahead;
    madeIn = new long[ahead];
    said = new float[ahead * WIDTH];
    forget();
  }

  void forget() {
    Arrays.fill(madeIn, Long.MIN_VALUE);
  }

  /** Remembers what the predictor says after the slot. */
  void make(FleetPredictor predictor, int series, long slot) {
    int at = place(slot);
    madeIn[at] = slot;
    for (int q = 0; q < WIDTH; q++) {
      said[at * WIDTH + q] = predictor.quantile(series, horizon, q);
    }
  }

  /** True when a forecast of this slot was made. */
  boolean due(long slot) {
    return madeIn[place(slot - ahead)] == slot - ahead;
  }

  /** Holds the forecast of this slot, which is {@link #due}, against what came. */
  Verdict judge(long slot, double came) {
    int base = place(slot - ahead) * WIDTH;
    int passed = 0;
    while (passed < WIDTH - 1 && came > said[base + 1 + passed]) {
      passed++;
    }
    return new Verdict(reach, Math.abs(came - said[base]), passed);
  }

  private int place(long slot) {
    return (int) Math.floorMod(slot, (long) ahead);
  }
}
