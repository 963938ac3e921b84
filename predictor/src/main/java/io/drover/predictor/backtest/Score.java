package io.drover.predictor.backtest;

import java.util.LinkedHashMap;
import java.util.Map;

/** Sums up how one contender did at one horizon. */
final class Score {
  private static final double TIE = 1e-6;

  private final double[] seriesError;
  private final int[] seriesCount;
  private final double[] pinball = new double[Backtest.QUANTILES.size()];
  private final long[] covered = new long[Backtest.QUANTILES.size()];
  private double absolute;
  private double square;
  private long count;

  Score(int series) {
    seriesError = new double[series];
    seriesCount = new int[series];
  }

  void add(int series, float came, float[] quantiles, int at) {
    double error = came - quantiles[at];
    absolute += Math.abs(error);
    square += error * error;
    seriesError[series] += Math.abs(error);
    seriesCount[series]++;
    count++;
    for (int q = 0; q < pinball.length; q++) {
      double level = Backtest.QUANTILES.get(q);
      double above = came - quantiles[at + q];
      pinball[q] += above > 0 ? level * above : (level - 1) * above;
      // A forecast that equals what came but for its last binary digits has covered it.
      covered[q] += above <= TIE * Math.max(1, Math.abs(came)) ? 1 : 0;
    }
  }

  long count() {
    return count;
  }

  double mae() {
    return count == 0 ? 0 : absolute / count;
  }

  double rmse() {
    return count == 0 ? 0 : Math.sqrt(square / count);
  }

  /**
   * Mean over the series of their error in units of {@code steps}; series that never move left out.
   */
  double mase(double[] steps) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < seriesError.length; i++) {
      if (seriesCount[i] > 0 && steps[i] > 0) {
        sum += seriesError[i] / seriesCount[i] / steps[i];
        n++;
      }
    }
    return n == 0 ? 0 : sum / n;
  }

  /** Mean absolute error of one series; NaN when it had no forecast. */
  double maeOf(int series) {
    return seriesCount[series] == 0 ? Double.NaN : seriesError[series] / seriesCount[series];
  }

  Map<String, Double> pinball() {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int q = 0; q < pinball.length; q++) {
      all.put(Backtest.key(q), count == 0 ? 0 : pinball[q] / count);
    }
    return all;
  }

  Map<String, Double> coverage() {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int q = 0; q < covered.length; q++) {
      all.put(Backtest.key(q), count == 0 ? 0 : (double) covered[q] / count);
    }
    return all;
  }
}
