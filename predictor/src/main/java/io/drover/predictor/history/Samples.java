package io.drover.predictor.history;

import java.util.Arrays;

/**
 * An immutable stretch of demand samples, oldest first.
 *
 * <p>Times rise strictly; values are finite and not negative. The arrays are never handed out, so a
 * value can be shared between threads and kept in a recorded cluster state.
 */
public final class Samples {
  private static final Samples EMPTY = new Samples(new long[0], new double[0]);

  private final long[] epochMillis;
  private final double[] values;

  private Samples(long[] epochMillis, double[] values) {
    this.epochMillis = epochMillis;
    this.values = values;
  }

  public static Samples empty() {
    return EMPTY;
  }

  /**
   * Copies the arrays; refuses times that do not rise and values that are not finite or negative.
   */
  public static Samples of(long[] epochMillis, double[] values) {
    if (epochMillis.length != values.length) {
      throw new IllegalArgumentException(
          "times and values differ in length: " + epochMillis.length + " and " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0) || Double.isInfinite(values[i])) {
        throw new IllegalArgumentException(
            "value " + i + " is " + values[i] + "; accepted: finite and not negative");
      }
      if (i > 0 && epochMillis[i] <= epochMillis[i - 1]) {
        throw new IllegalArgumentException(
            "time " + i + " is " + epochMillis[i] + "; accepted: later than " + epochMillis[i - 1]);
      }
    }
    return new Samples(epochMillis.clone(), values.clone());
  }

  /**
   * Takes the arrays over without a copy or a check; for {@link DemandHistory}, which keeps both
   * rules.
   */
  static Samples trusted(long[] epochMillis, double[] values) {
    return new Samples(epochMillis, values);
  }

  public int size() {
    return values.length;
  }

  public boolean isEmpty() {
    return values.length == 0;
  }

  public long epochMillisAt(int index) {
    return epochMillis[index];
  }

  public double valueAt(int index) {
    return values[index];
  }

  /** A copy of the values. */
  public double[] values() {
    return values.clone();
  }

  /** The newest samples, at most {@code count} of them. */
  public Samples last(int count) {
    if (count >= values.length) {
      return this;
    }
    int from = values.length - Math.max(0, count);
    return new Samples(
        Arrays.copyOfRange(epochMillis, from, values.length),
        Arrays.copyOfRange(values, from, values.length));
  }

  /**
   * The usual time between neighbours: the median of the gaps, so that a pause in sampling (a moved
   * or paused machine) does not stretch it. Zero when there are fewer than two samples.
   */
  public double medianIntervalMillis() {
    if (values.length < 2) {
      return 0;
    }
    long[] gaps = new long[values.length - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = epochMillis[i + 1] - epochMillis[i];
    }
    Arrays.sort(gaps);
    return (gaps[(gaps.length - 1) / 2] + gaps[gaps.length / 2]) / 2.0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Samples that
        && Arrays.equals(epochMillis, that.epochMillis)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(epochMillis) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Samples[" + values.length + "]" + Arrays.toString(values);
  }
}
