package io.drover.predictor.fleet;

import java.util.Arrays;

/** Finds where the newest few samples were seen before, and the period a series repeats with. */
final class Patterns {
  private static final int LENGTH = 6;
  private static final int NEIGHBOURS = 5;
  private static final int LEAST_HISTORY = 100;
  private static final int LONGEST_PERIOD = 288;
  private static final int SHORTEST_PERIOD = 3;

  // Sums are doubles, so that the compiler sees that writing them changes no value, and does
  // several at once.
  private final double[] distance;
  private final float[] backwards;
  private final double[] difference = new double[LONGEST_PERIOD + 1];
  private final double[] best = new double[NEIGHBOURS];
  private final int[] at = new int[NEIGHBOURS];
  private final float[] followed = new float[NEIGHBOURS];
  private int found;

  /** Middle and highest of what followed the neighbours, after {@link #follow}. */
  float middle;

  float highest;

  Patterns(int most) {
    distance = new double[most];
    backwards = new float[most];
  }

  /** Looks for the stretches most like the newest one, by the sum of distances. */
  void match(float[] values, int count) {
    found = 0;
    if (count < LEAST_HISTORY) {
      return;
    }
    int end = count - 2;
    Arrays.fill(distance, LENGTH, end, 0);
    for (int j = 0; j < LENGTH; j++) {
      float now = values[count - 1 - j];
      for (int q = LENGTH; q < end; q++) {
        distance[q] += Math.abs(values[q - j] - now);
      }
    }
    double limit = Double.POSITIVE_INFINITY;
    for (int q = LENGTH; q < end; q++) {
      if (distance[q] < limit) {
        limit = insert(q);
      }
    }
  }

  private double insert(int q) {
    int z = found < NEIGHBOURS ? found : NEIGHBOURS - 1;
    found = Math.min(NEIGHBOURS, found + 1);
    while (z > 0 && best[z - 1] > distance[q]) {
      best[z] = best[z - 1];
      at[z] = at[z - 1];
      z--;
    }
    best[z] = distance[q];
    at[z] = q;
    return found < NEIGHBOURS ? Double.POSITIVE_INFINITY : best[NEIGHBOURS - 1];
  }

  /** What followed the neighbours after {@code ahead} steps; false when nothing did. */
  boolean follow(float[] values, int count, int ahead) {
    int n = 0;
    for (int i = 0; i < found; i++) {
      if (at[i] + ahead < count) {
        float value = values[at[i] + ahead];
        int z = n;
        while (z > 0 && followed[z - 1] > value) {
          followed[z] = followed[z - 1];
          z--;
        }
        followed[z] = value;
        n++;
      }
    }
    if (n == 0) {
      return false;
    }
    middle = (followed[(n - 1) / 2] + followed[n / 2]) / 2;
    highest = followed[n - 1];
    return true;
  }

  /**
   * The period by which a shifted copy differs least (average magnitude difference function, Ross
   * et al., IEEE Trans. ASSP 22(5), 1974); 0 when none is clearly better than no shift and no
   * period.
   */
  int period(float[] values, int count, float median) {
    if (count < 96) {
      return 0;
    }
    float spread = 0;
    for (int i = 0; i < count; i++) {
      spread += Math.abs(values[i] - median);
    }
    int longest = Math.min(LONGEST_PERIOD, count / 2);
    differences(values, count, longest);
    double least = 0.9 * Math.min(difference[1] / (count - 1), 1.4 * spread / count);
    int period = 0;
    for (int p = SHORTEST_PERIOD; p <= longest; p++) {
      double mean = difference[p] / (count - p);
      if (mean < least) {
        least = mean;
        period = p;
      }
    }
    return period;
  }

  /**
   * Sums of what the values differ by from those some steps before, for all numbers of steps at
   * once: so the additions do not wait for each other, and the compiler can do several in one.
   */
  private void differences(float[] values, int count, int longest) {
    for (int i = 0; i < count; i++) {
      backwards[i] = values[count - 1 - i];
    }
    Arrays.fill(difference, 0, longest + 1, 0);
    for (int i = 1; i < count; i++) {
      float value = values[i];
      // The value p steps before the i-th stands here.
      int from = count - 1 - i;
      int most = Math.min(longest, i);
      for (int p = 1; p <= most; p++) {
        difference[p] += Math.abs(value - backwards[from + p]);
      }
    }
  }
}
