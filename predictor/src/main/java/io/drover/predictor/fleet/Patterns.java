package io.drover.predictor.fleet;

/** Finds where the newest few samples were seen before, and the period a series repeats with. */
final class Patterns {
  private static final int LENGTH = 6;
  private static final int NEIGHBOURS = 5;
  private static final int LEAST_HISTORY = 100;
  private static final int LONGEST_PERIOD = 288;
  private static final int SHORTEST_PERIOD = 3;

  private final float[] distance;
  private final float[] best = new float[NEIGHBOURS];
  private final int[] at = new int[NEIGHBOURS];
  private final float[] followed = new float[NEIGHBOURS];
  private int found;

  /** Middle and highest of what followed the neighbours, after {@link #follow}. */
  float middle;

  float highest;

  Patterns(int most) {
    distance = new float[most];
  }

  /** Looks for the stretches most like the newest one, by the sum of distances. */
  void match(float[] values, int count) {
    found = 0;
    if (count < LEAST_HISTORY) {
      return;
    }
    int end = count - 2;
    for (int q = LENGTH; q < end; q++) {
      distance[q] = 0;
    }
    for (int j = 0; j < LENGTH; j++) {
      float now = values[count - 1 - j];
      for (int q = LENGTH; q < end; q++) {
        distance[q] += Math.abs(values[q - j] - now);
      }
    }
    float limit = Float.POSITIVE_INFINITY;
    for (int q = LENGTH; q < end; q++) {
      if (distance[q] < limit) {
        limit = insert(q);
      }
    }
  }

  private float insert(int q) {
    int z = found < NEIGHBOURS ? found : NEIGHBOURS - 1;
    found = Math.min(NEIGHBOURS, found + 1);
    while (z > 0 && best[z - 1] > distance[q]) {
      best[z] = best[z - 1];
      at[z] = at[z - 1];
      z--;
    }
    best[z] = distance[q];
    at[z] = q;
    return found < NEIGHBOURS ? Float.POSITIVE_INFINITY : best[NEIGHBOURS - 1];
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
    float step = difference(values, count, 1);
    float least = 0.9f * Math.min(step, 1.4f * spread / count);
    int period = 0;
    int longest = Math.min(LONGEST_PERIOD, count / 2);
    for (int p = SHORTEST_PERIOD; p <= longest; p++) {
      float difference = difference(values, count, p);
      if (difference < least) {
        least = difference;
        period = p;
      }
    }
    return period;
  }

  private static float difference(float[] values, int count, int shift) {
    // Four sums side by side: additions to one would wait for each other.
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = shift;
    for (; i + 3 < count; i += 4) {
      sum0 += Math.abs(values[i] - values[i - shift]);
      sum1 += Math.abs(values[i + 1] - values[i + 1 - shift]);
      sum2 += Math.abs(values[i + 2] - values[i + 2 - shift]);
      sum3 += Math.abs(values[i + 3] - values[i + 3 - shift]);
    }
    for (; i < count; i++) {
      sum0 += Math.abs(values[i] - values[i - shift]);
    }
    return (sum0 + sum1 + (sum2 + sum3)) / (count - shift);
  }
}
