package io.drover.predictor.fleet;

import java.util.Arrays;

/**
 * Order statistics of the newest of a few hundred values that are not negative, without sorting
 * them all.
 *
 * <p>One pass counts the values by buckets that are in the order of the values, which tells the
 * bucket of every rank; only the members of that bucket are sorted. The upper quantiles, which are
 * asked for most, are served together: all from the bucket of the first of them up is sorted once.
 */
final class Ranks {
  private static final int BUCKETS = 512;

  /** From this share of the ranks on, all that lies above is sorted. */
  private static final double UPPER = 0.85;

  /**
   * Added to each value before its leading bits are taken, as a share of the largest. Those bits
   * alone would spend most buckets on the octaves between zero and what the series usually does.
   */
  private static final float OFFSET = 1f / 64;

  /** By Ciura, "Best increments for the average case of Shellsort", FCT 2001. */
  private static final int[] GAPS = {132, 57, 23, 10, 4, 1};

  private final int[] counts = new int[BUCKETS];
  private final int[] bucketOf;
  private final float[] members;
  private float[] values = new float[0];
  private int end;
  private int count;
  private int heldBelow;
  private int heldCount;
  private int heldBucket;

  Ranks(int most) {
    bucketOf = new int[most];
    // One more than there are: a value is written before it is known whether it is to stay.
    members = new float[most + 1];
  }

  /** Looks at the first {@code end} of the values, at least one; {@link #newest} says how many. */
  void load(float[] values, int end) {
    this.values = values;
    this.end = end;
    count = 0;
    float low = Float.POSITIVE_INFINITY;
    float high = 0;
    for (int i = 0; i < end; i++) {
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    float offset = OFFSET * high;
    int least = Float.floatToRawIntBits(low + offset);
    int spread = Float.floatToRawIntBits(high + offset) - least;
    int shift = Math.max(0, 32 - Integer.numberOfLeadingZeros(spread) - 9);
    for (int i = 0; i < end; i++) {
      bucketOf[i] = (Float.floatToRawIntBits(values[i] + offset) - least) >> shift;
    }
    Arrays.fill(counts, 0);
  }

  /** From now on ranks are those among the newest {@code n}: not fewer than before. */
  void newest(int n) {
    for (int i = end - n; i < end - count; i++) {
      counts[bucketOf[i]]++;
    }
    count = n;
    heldBelow = 0;
    heldCount = 0;
    heldBucket = 0;
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
    if (rank < heldBelow || rank >= heldBelow + heldCount) {
      hold(rank);
    }
    return members[rank - heldBelow];
  }

  private void hold(int rank) {
    // Ranks are mostly asked for in rising order: go on from where the last one was found.
    boolean onward = rank >= heldBelow;
    int below = onward ? heldBelow : 0;
    int bucket = onward ? heldBucket : 0;
    while (below + counts[bucket] <= rank) {
      below += counts[bucket];
      bucket++;
    }
    pick(bucket, rank < UPPER * count ? bucket : BUCKETS);
    heldBelow = below;
    heldBucket = bucket;
    sortMembers();
  }

  /** Copies the members of some buckets; without a branch, which could not be foreseen. */
  private void pick(int first, int last) {
    int n = 0;
    for (int i = end - count; i < end; i++) {
      members[n] = values[i];
      // One less for each bound that it lies beyond.
      n += 1 + ((bucketOf[i] - first) >> 31) + ((last - bucketOf[i]) >> 31);
    }
    heldCount = n;
  }

  /** Shell's sort: the library's own is no quicker for so few, and may allocate. */
  private void sortMembers() {
    for (int gap : GAPS) {
      for (int i = gap; i < heldCount; i++) {
        float value = members[i];
        int at = i;
        while (at >= gap && members[at - gap] > value) {
          members[at] = members[at - gap];
          at -= gap;
        }
        members[at] = value;
      }
    }
  }
}
