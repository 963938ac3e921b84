package io.drover.predictor.fleet;

import java.util.Arrays;

/**
 * Order statistics of a few hundred values that are not negative, without sorting them all.
 *
 * <p>The bits of such floats are in the order of their values, so one counting pass over their
 * leading bits finds the bucket of every rank, and only the members of those buckets are looked at
 * again.
 */
final class Ranks {
  private static final int BUCKETS = 512;

  private final int[] counts = new int[BUCKETS];
  private final int[] bucketOf;
  private final float[] members;
  private float[] values = new float[0];
  private int from;
  private int count;
  private int least;
  private int shift;
  private int heldBucket;
  private int heldBelow;
  private int heldCount;

  Ranks(int most) {
    bucketOf = new int[most];
    members = new float[most];
  }

  /** Looks at {@code count} values, at least one. */
  void load(float[] values, int from, int count) {
    this.values = values;
    this.from = from;
    this.count = count;
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(values[from + i]);
      low = Math.min(low, bits);
      high = Math.max(high, bits);
    }
    least = low;
    shift = Math.max(0, 32 - Integer.numberOfLeadingZeros(high - low) - 9);
    Arrays.fill(counts, 0);
    for (int i = 0; i < count; i++) {
      int bucket = (Float.floatToRawIntBits(values[from + i]) - least) >> shift;
      bucketOf[i] = bucket;
      counts[bucket]++;
    }
    heldBucket = -1;
  }

  /** The value below which a share of the values lies, interpolated: rank {@code share (n+1)}. */
  float quantile(double share) {
    double rank = share * (count + 1) - 1;
    if (rank <= 0) {
      return at(0);
    }
    int whole = (int) rank;
    if (whole >= count - 1) {
      return at(count - 1);
    }
    float low = at(whole);
    return low + (float) (rank - whole) * (at(whole + 1) - low);
  }

  float median() {
    float low = at((count - 1) / 2);
    return count % 2 == 1 ? low : (low + at(count / 2)) / 2;
  }

  /** The value at a rank, from 0. */
  float at(int rank) {
    if (heldBucket < 0 || rank < heldBelow || rank >= heldBelow + heldCount) {
      hold(rank);
    }
    return members[rank - heldBelow];
  }

  private void hold(int rank) {
    // Ranks are mostly asked for in rising order: go on from where the last one was found.
    boolean onward = heldBucket >= 0 && rank >= heldBelow;
    int below = onward ? heldBelow : 0;
    int bucket = onward ? heldBucket : 0;
    while (below + counts[bucket] <= rank) {
      below += counts[bucket];
      bucket++;
    }
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (bucketOf[i] == bucket) {
        members[n] = values[from + i];
        n++;
      }
    }
    if (shift > 0 && n > 1) {
      Arrays.sort(members, 0, n);
    }
    heldBucket = bucket;
    heldBelow = below;
    heldCount = n;
  }
}
