package io.drover.predictor.fleet;

import java.util.Arrays;

/**
 * The recent past of a set of series taken together, and how far a simple forecast of it misses.
 *
 * <p>The series are added up slot by slot, so whether their peaks coincide is in the sum itself.
 * Its usual misses at a horizon are those of the best mixture of its mean and its value then (a
 * first order autoregression fitted to the window); their order statistics give the quantiles.
 */
final class JointHistory {
  static final int SLOTS = 288;
  private static final int LEAST = 4;

  final float[] sum = new float[SLOTS];
  int count;
  private final float[] misses = new float[SLOTS];
  private final Ranks ranks = new Ranks(SLOTS);
  private float mean;

  /** Starts with the slots that all members have, at most {@link #SLOTS}. */
  void begin(int slots) {
    count = Math.clamp(slots, 1, SLOTS);
    Arrays.fill(sum, 0, count, 0);
  }

  /** All members were added to {@link #sum}. */
  void end() {
    float total = 0;
    for (int i = 0; i < count; i++) {
      total += sum[i];
    }
    mean = total / count;
  }

  /**
   * Works out what to add to the expected sum for each quantile.
   *
   * @param out one for each of {@link FleetShape#QUANTILES}
   */
  void quantiles(int ahead, float[] out, int at) {
    int lag = Math.min(ahead, count / 2);
    int n = count - lag;
    if (n < LEAST) {
      lag = 0;
      n = count;
    }
    float keep = lag == 0 ? 0 : persistence(lag);
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float miss = sum[i + lag] - mean - keep * (sum[i] - mean);
      misses[i] = miss;
      least = Math.min(least, miss);
    }
    for (int i = 0; i < n; i++) {
      misses[i] = Math.max(0, misses[i] - least);
    }
    ranks.load(misses, n);
    ranks.newest(n);
    // A window too short for the horizon has not shown how far the sum strays by then.
    float stray = (float) Math.sqrt(Math.sqrt(ahead / (double) Math.max(1, Math.min(lag, ahead))));
    for (int q = 0; q < FleetShape.QUANTILES.size(); q++) {
      double share = FleetShape.QUANTILES.get(q);
      // The highest of n is below the 0.99 quantile when n is small: about so much for normal sums.
      double unseen = 1 + 0.15 * Math.max(0, -Math.log((1 - share) * n));
      out[at + q] = (float) unseen * stray * (ranks.quantile(share) + least);
    }
  }

  private float persistence(int lag) {
    double both = 0;
    double square = 0;
    for (int i = lag; i < count; i++) {
      both += (double) (sum[i] - mean) * (sum[i - lag] - mean);
      square += (double) (sum[i - lag] - mean) * (sum[i - lag] - mean);
    }
    return square > 0 ? (float) Math.clamp(both / square, 0.0, 1.0) : 0;
  }
}
