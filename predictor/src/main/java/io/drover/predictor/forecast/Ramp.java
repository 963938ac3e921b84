package io.drover.predictor.forecast;

import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A sustained rise or fall over a window, found robustly.
 *
 * <p>The slope is the median of the slopes of all pairs (Theil and Sen), so that single samples do
 * not matter. A step from one level to another has such a slope too; a ramp differs from it in that
 * <em>both halves</em> of the window move by a fair share of the whole. Both are asked for, and
 * that the whole movement exceeds the variation threshold.
 */
public final class Ramp {
  private static final int LEAST_SAMPLES = 6;
  private static final int MOST_SAMPLES = 60;
  private static final double HALF_SHARE = 0.2;

  private final double perSecond;
  private final double levelNow;
  private final double[] residuals;

  private Ramp(double perSecond, double levelNow, double[] residuals) {
    this.perSecond = perSecond;
    this.levelNow = levelNow;
    this.residuals = residuals;
  }

  /** Looks for a ramp in the window before the newest sample; all samples count. */
  public static Optional<Ramp> find(Samples samples, Duration window, double threshold) {
    boolean[] kept = new boolean[samples.size()];
    Arrays.fill(kept, true);
    return samples.isEmpty() ? Optional.empty() : find(samples, kept, window, threshold);
  }

  /** Change per second, never zero. */
  public double perSecond() {
    return perSecond;
  }

  /** The line's value at the newest sample. */
  public double levelNow() {
    return levelNow;
  }

  /** How the samples lie around the line. */
  double[] residuals() {
    return residuals.clone();
  }

  /** Looks at the window before the newest sample; samples that are not kept are left out. */
  static Optional<Ramp> find(Samples samples, boolean[] kept, Duration window, double threshold) {
    int newest = samples.size() - 1;
    long start = samples.epochMillisAt(newest) - window.toMillis();
    int from = newest;
    while (from > 0 && samples.epochMillisAt(from - 1) >= start) {
      from--;
    }
    int stride = Math.max(1, (newest - from + 1) / MOST_SAMPLES);
    double[] seconds = new double[MOST_SAMPLES * 2];
    double[] values = new double[MOST_SAMPLES * 2];
    int count = 0;
    for (int i = from; i <= newest; i++) {
      if (kept[i] && (newest - i) % stride == 0 && count < values.length) {
        seconds[count] = (samples.epochMillisAt(i) - samples.epochMillisAt(newest)) / 1000.0;
        values[count++] = samples.valueAt(i);
      }
    }
    boolean windowFull = count >= LEAST_SAMPLES && -seconds[0] * 1000 >= window.toMillis() * 0.75;
    return windowFull
        ? judge(Arrays.copyOf(seconds, count), Arrays.copyOf(values, count), threshold)
        : Optional.empty();
  }

  private static Optional<Ramp> judge(double[] seconds, double[] values, double threshold) {
    int n = values.length;
    double slope = slope(seconds, values, 0, n);
    double whole = slope * (seconds[n - 1] - seconds[0]);
    if (Math.abs(whole) <= threshold) {
      return Optional.empty();
    }
    int middle = n / 2;
    double early = slope(seconds, values, 0, middle + 1) * (seconds[middle] - seconds[0]);
    double late = slope(seconds, values, middle, n) * (seconds[n - 1] - seconds[middle]);
    if (early / whole < HALF_SHARE || late / whole < HALF_SHARE) {
      return Optional.empty();
    }
    double[] offsets = new double[n];
    for (int i = 0; i < n; i++) {
      offsets[i] = values[i] - slope * seconds[i];
    }
    double level = Quantiles.median(offsets);
    for (int i = 0; i < n; i++) {
      offsets[i] -= level;
    }
    return Optional.of(new Ramp(slope, level, offsets));
  }

  private static double slope(double[] seconds, double[] values, int from, int to) {
    int n = to - from;
    double[] slopes = new double[n * (n - 1) / 2];
    int count = 0;
    for (int i = from; i < to; i++) {
      for (int j = i + 1; j < to; j++) {
        slopes[count++] = (values[j] - values[i]) / (seconds[j] - seconds[i]);
      }
    }
    return count == 0 ? 0 : Quantiles.median(slopes);
  }
}
