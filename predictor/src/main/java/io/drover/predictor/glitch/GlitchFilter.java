package io.drover.predictor.glitch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the stable periods of a history and removes the glitches between them.
 *
 * <p>The definition, for a threshold {@code T} and a least length {@code m}:
 *
 * <ol>
 *   <li>A stable run starts at the first free sample {@code i} for which no two neighbours among
 *       {@code i .. i+m-1} differ by more than T, and all of them lie within T of their median,
 *       which becomes the run's <em>baseline</em>. It goes on as long as the samples lie within T
 *       of the baseline.
 *   <li>All other samples are unstable; those between two runs form one group.
 *   <li>A group is a <em>glitch</em> when the last sample of the run before and the first sample of
 *       the run after differ by at most T: it is removed and the runs become one period. Otherwise
 *       demand really changed, and the group stays.
 *   <li>Two runs with nothing between them are one period when their baselines differ by at most T
 *       (one run was ended by noise at the edge of its band); otherwise demand drifted, and a new
 *       period begins.
 *   <li>Unstable samples at the open end are undecided: a spike and the first samples of a new
 *       level look the same until {@code m} of them have been seen.
 * </ol>
 *
 * <p>One pass, O(n m log m). Pure.
 */
public final class GlitchFilter {
  private GlitchFilter() {}

  /** Splits the values; see the class for the definition. */
  public static Phases split(double[] values, double threshold, int minStableSamples) {
    double[] thresholds = new double[values.length];
    Arrays.fill(thresholds, threshold);
    return split(values, thresholds, threshold, minStableSamples);
  }

  /**
   * The same with a threshold that may change from sample to sample: a run is found, and goes on,
   * by the one at the end of its first {@code m} samples, and the sides of a group are compared by
   * the one of the period before.
   */
  static Phases split(double[] values, double[] thresholds, double unseen, int minStableSamples) {
    if (!(unseen >= 0)) {
      throw new IllegalArgumentException("threshold is " + unseen + "; accepted: not negative");
    }
    checkLeast(minStableSamples);
    List<Run> runs = findRuns(values, thresholds, minStableSamples);
    return join(values.length, unseen, runs);
  }

  static void checkLeast(int minStableSamples) {
    if (minStableSamples < 2) {
      throw new IllegalArgumentException(
          "minStableSamples is " + minStableSamples + "; accepted: at least 2");
    }
  }

  /** A stable run, with its first and last value. */
  record Run(double baseline, double threshold, Span span, double first, double last) {
    /**
     * True when the run goes on the period of {@code before}, whose baseline and threshold count.
     */
    boolean agrees(Run before, double periodBaseline, double periodThreshold) {
      return agree(
          span.from() > before.span.to(),
          first - before.last,
          baseline - periodBaseline,
          periodThreshold);
    }
  }

  /**
   * True when a run goes on the period before it: across a group its first sample counts, and right
   * after another run its baseline does.
   */
  static boolean agree(boolean acrossGroup, double step, double drift, double threshold) {
    return Math.abs(acrossGroup ? step : drift) <= threshold;
  }

  private static List<Run> findRuns(double[] values, double[] thresholds, int least) {
    List<Run> runs = new ArrayList<>();
    double[] window = new double[least];
    int i = 0;
    while (i + least <= values.length) {
      double threshold = thresholds[i + least - 1];
      System.arraycopy(values, i, window, 0, least);
      double baseline =
          calm(values, i, least, threshold) ? baseline(window, threshold) : Double.NaN;
      if (Double.isNaN(baseline)) {
        i++;
        continue;
      }
      int end = i + least;
      while (end < values.length && Math.abs(values[end] - baseline) <= threshold) {
        end++;
      }
      runs.add(new Run(baseline, threshold, new Span(i, end), values[i], values[end - 1]));
      i = end;
    }
    return runs;
  }

  /** The median, when all lie within the threshold of it, otherwise NaN; sorts the values. */
  static double baseline(double[] window, double threshold) {
    int least = window.length;
    Arrays.sort(window);
    double baseline = (window[(least - 1) / 2] + window[least / 2]) / 2;
    return baseline - window[0] > threshold || window[least - 1] - baseline > threshold
        ? Double.NaN
        : baseline;
  }

  private static boolean calm(double[] values, int from, int count, double threshold) {
    for (int i = from + 1; i < from + count; i++) {
      if (Math.abs(values[i] - values[i - 1]) > threshold) {
        return false;
      }
    }
    return true;
  }

  /** Joins the runs of a history of {@code samples} to periods. */
  static Phases join(int samples, double unseen, List<Run> runs) {
    List<StablePeriod> periods = new ArrayList<>();
    List<UnstableGroup> groups = new ArrayList<>();
    List<Span> open = new ArrayList<>();
    double baseline = 0;
    double threshold = unseen;
    Run before = null;
    for (Run run : runs) {
      int end = before == null ? 0 : before.span().to();
      boolean agrees = before != null && run.agrees(before, baseline, threshold);
      if (run.span().from() > end) {
        groups.add(
            new UnstableGroup(new Span(end, run.span().from()), verdict(before != null, agrees)));
      }
      if (!agrees) {
        if (before != null) {
          periods.add(new StablePeriod(baseline, open));
        }
        open = new ArrayList<>();
        baseline = run.baseline();
        threshold = run.threshold();
      }
      open.add(run.span());
      before = run;
    }
    if (before != null) {
      periods.add(new StablePeriod(baseline, open));
    }
    int end = before == null ? 0 : before.span().to();
    if (end < samples) {
      groups.add(new UnstableGroup(new Span(end, samples), UnstableGroup.Verdict.UNDECIDED));
    }
    return new Phases(samples, threshold, periods, groups);
  }

  private static UnstableGroup.Verdict verdict(boolean stableBefore, boolean agrees) {
    if (!stableBefore) {
      return UnstableGroup.Verdict.LEADING;
    }
    return agrees ? UnstableGroup.Verdict.GLITCH : UnstableGroup.Verdict.PHASE_CHANGE;
  }
}
