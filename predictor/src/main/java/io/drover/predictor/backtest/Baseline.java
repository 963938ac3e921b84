package io.drover.predictor.backtest;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A textbook forecaster with normal intervals: its point forecast, and around it the spread of its
 * own errors on the same series at the same horizon, as far as they are known by then.
 */
final class Baseline implements Contender {
  /** Makes the point forecasts of one series. */
  interface Method {
    void observe(float value);

    /** Forecast {@code horizon} intervals after the newest sample. */
    double ahead(int horizon);
  }

  /** Makes a method for a new series. */
  interface Maker {
    Method make();
  }

  private static final double[] DEVIATIONS = deviations();

  private final String name;
  private final int[] horizons;
  private final Method[] methods;
  private final Pending pending;
  private final double[] squares;
  private final int[] known;

  Baseline(String name, int series, int[] horizons, Maker maker) {
    this.name = name;
    this.horizons = horizons.clone();
    methods = new Method[series];
    for (int i = 0; i < series; i++) {
      methods[i] = maker.make();
    }
    pending = new Pending(series, horizons, 1);
    squares = new double[series * horizons.length];
    known = new int[series * horizons.length];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void observe(int series, long slot, float value) {
    for (int h = 0; h < horizons.length; h++) {
      int at = pending.find(series, h, slot - horizons[h]);
      if (at >= 0) {
        double error = value - pending.values()[at];
        squares[series * horizons.length + h] += error * error;
        known[series * horizons.length + h]++;
      }
    }
    methods[series].observe(value);
  }

  @Override
  public void forecast(int series, long slot, float[] out) {
    int width = DEVIATIONS.length;
    for (int h = 0; h < horizons.length; h++) {
      double point = Math.max(0, methods[series].ahead(horizons[h]));
      int cell = series * horizons.length + h;
      double spread = known[cell] > 0 ? Math.sqrt(squares[cell] / known[cell]) : 0;
      for (int q = 0; q < width; q++) {
        out[h * width + q] = (float) Math.max(0, point + DEVIATIONS[q] * spread);
      }
      pending.values()[pending.put(series, h, slot)] = (float) point;
    }
  }

  private static double[] deviations() {
    NormalDistribution normal = new NormalDistribution();
    double[] all = new double[Backtest.QUANTILES.size()];
    for (int q = 0; q < all.length; q++) {
      all[q] = normal.inverseCumulativeProbability(Backtest.QUANTILES.get(q));
    }
    return all;
  }
}
