package io.drover.predictor.forecast;

import java.util.Arrays;

/** Medians and quantiles of small samples. */
final class Quantiles {
  private Quantiles() {}

  /** Linear between order statistics; the ends are the extremes. */
  static double ofSorted(double[] sorted, double q) {
    if (sorted.length == 0) {
      return 0;
    }
    double position = q * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted, 0.5);
  }

  /** At most {@code points} values that keep the shape of the sorted ones, extremes included. */
  static double[] thin(double[] sorted, int points) {
    if (sorted.length <= points) {
      return sorted;
    }
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      out[i] = ofSorted(sorted, i / (points - 1.0));
    }
    return out;
  }
}
