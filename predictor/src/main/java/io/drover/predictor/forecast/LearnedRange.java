package io.drover.predictor.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What the fleet's predictor expects of one series: a few quantiles at a few horizons, as they were
 * when its newest slot closed.
 *
 * <p>Between two horizons it goes straight; before the first and after the last it stays. Between
 * two quantiles it goes straight in the logarithm of what is left above them, as an exponential
 * tail would; below the first it stays, above the last it goes on to 0.999.
 *
 * <p><b>When it counts.</b> {@link #share} says how much, next to the quick forecast that is made
 * from single samples: not for what is nearer than a slot, not when it has grown old, and not when
 * the level of the present phase lies outside of it, for then demand has just changed and the slots
 * do not show it yet.
 *
 * <p>Immutable; never NaN and never negative.
 */
public final class LearnedRange {
  private static final double HIGHEST = 0.999;

  /** Up to this quantile a level is nothing new. */
  private static final double BELIEVED = 0.9;

  /** Slots that may pass without a sample before the range counts less, and for nothing. */
  private static final double FRESH_SLOTS = 2;

  private static final double STALE_SLOTS = 4;

  private final Instant from;
  private final Duration interval;
  private final int slots;
  private final double trust;
  private final int[] horizons;
  private final double[] levels;
  private final double[][] values;

  /**
   * @param from end of the newest slot it rests on
   * @param interval width of a slot
   * @param slots how many slots with samples it rests on
   * @param trust how far that many are enough, 0 to 1
   * @param horizons in slots, rising
   * @param levels the quantiles, rising, each from 0.5 to below 1; at least two
   * @param values for each horizon one value for each level; what is no demand counts as 0, and
   *     what falls from one level to the next as not falling
   */
  public LearnedRange(
      Instant from,
      Duration interval,
      int slots,
      double trust,
      List<Integer> horizons,
      List<Double> levels,
      double[][] values) {
    if (values.length == 0 || values.length != horizons.size()) {
      throw new IllegalArgumentException(
          "values has " + values.length + " rows; accepted: one for each of " + horizons);
    }
    this.from = from;
    this.interval = interval;
    this.slots = slots;
    this.trust = trust > 0 ? Math.min(1, trust) : 0;
    this.horizons = horizons.stream().mapToInt(Integer::intValue).toArray();
    this.levels = levels.stream().mapToDouble(Double::doubleValue).toArray();
    this.values = new double[values.length][levels.size()];
    for (int h = 0; h < values.length; h++) {
      double below = 0;
      for (int q = 0; q < this.levels.length; q++) {
        double value = values[h][q];
        below = Double.isInfinite(value) ? below : value > below ? value : below;
        this.values[h][q] = below;
      }
    }
  }

  /** How many slots with samples it rests on. */
  public int slots() {
    return slots;
  }

  /** The demand that is not exceeded at the given time with probability {@code q}. */
  public double quantile(double q, Instant at) {
    double ahead = slotsUntil(at);
    int last = horizons.length - 1;
    if (ahead <= horizons[0]) {
      return value(0, q);
    }
    if (ahead >= horizons[last]) {
      return value(last, q);
    }
    int h = 0;
    while (ahead > horizons[h + 1]) {
      h++;
    }
    double part = (ahead - horizons[h]) / (horizons[h + 1] - horizons[h]);
    return (1 - part) * value(h, q) + part * value(h + 1, q);
  }

  /**
   * How much the range counts, 0 to 1.
   *
   * @param level of the present phase, by the newest samples
   * @param threshold how far samples of one phase may lie from its level
   */
  double share(Instant now, Duration ahead, double level, double threshold) {
    double farEnough = ahead.toMillis() / (double) interval.toMillis() - 1;
    double fresh = (STALE_SLOTS - slotsUntil(now)) / (STALE_SLOTS - FRESH_SLOTS);
    return trust * unit(farEnough) * unit(fresh) * believed(level, threshold);
  }

  /**
   * 1 while the level lies within nine tenths of the nearest range, taken as wide below the middle
   * as above it; 0 when it is off by twice as much. Half the threshold is added, or a demand that
   * never moved would have no range at all.
   */
  double believed(double level, double threshold) {
    double middle = values[0][0];
    double reach = value(0, BELIEVED) - middle + threshold / 2;
    return reach > 0 ? unit(2 - Math.abs(level - middle) / reach) : level == middle ? 1 : 0;
  }

  /** True when it counts for nothing because the newest slot it rests on was too long ago. */
  public boolean tooOld(Instant now) {
    return slotsUntil(now) >= STALE_SLOTS;
  }

  /** What it says a few slots ahead, in words; now, level and threshold as for {@link #share}. */
  String words(Instant now, double level, double threshold) {
    if (trust == 0) {
      return "";
    }
    if (tooOld(now)) {
      return "; what was learned does not count, it is too old";
    }
    if (believed(level, threshold) == 0) {
      return "; what was learned does not count, demand has left it";
    }
    int h = Math.min(1, horizons.length - 1);
    return String.format(
        Locale.ROOT,
        "; learned from %d slots: %s in %s, at most %s nine times in ten",
        slots,
        Text.cores(value(h, 0.5)),
        Text.time(interval.multipliedBy(horizons[h])),
        Text.cores(value(h, 0.9)));
  }

  private double slotsUntil(Instant at) {
    return (at.toEpochMilli() - from.toEpochMilli()) / (double) interval.toMillis();
  }

  private double value(int h, double q) {
    double[] row = values[h];
    int last = levels.length - 1;
    if (q <= levels[0] || last == 0) {
      return row[0];
    }
    int i = 0;
    while (i < last - 1 && q > levels[i + 1]) {
      i++;
    }
    double part = (left(q) - left(levels[i])) / (left(levels[i + 1]) - left(levels[i]));
    return row[i] + part * (row[i + 1] - row[i]);
  }

  private static double left(double q) {
    return -Math.log(1 - Math.min(q, HIGHEST));
  }

  private static double unit(double value) {
    return Math.clamp(value, 0.0, 1.0);
  }
}
