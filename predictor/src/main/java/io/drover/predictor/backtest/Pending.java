package io.drover.predictor.backtest;

import java.util.Arrays;

/** Forecasts whose time has not come: a ring for each series and horizon, by origin. */
final class Pending {
  private static final long NONE = Long.MIN_VALUE;

  private final int[] horizons;
  private final int width;
  private final int[] ringAt;
  private final int stride;
  private final long[] origins;
  private final float[] values;

  Pending(int series, int[] horizons, int width) {
    this.horizons = horizons.clone();
    this.width = width;
    ringAt = new int[horizons.length];
    int sum = 0;
    for (int h = 0; h < horizons.length; h++) {
      ringAt[h] = sum;
      sum += horizons[h] + 1;
    }
    stride = sum;
    origins = new long[Math.multiplyExact(series, stride)];
    Arrays.fill(origins, NONE);
    values = new float[Math.multiplyExact(origins.length, width)];
  }

  /** Makes room for a forecast and returns where its values go in {@link #values}. */
  int put(int series, int h, long origin) {
    int cell = cell(series, h, origin);
    origins[cell] = origin;
    return cell * width;
  }

  /** Where the values of a forecast stand; -1 when none was made at the origin. */
  int find(int series, int h, long origin) {
    int cell = cell(series, h, origin);
    return origins[cell] == origin ? cell * width : -1;
  }

  float[] values() {
    return values;
  }

  private int cell(int series, int h, long origin) {
    return series * stride + ringAt[h] + (int) Math.floorMod(origin, (long) horizons[h] + 1);
  }
}
