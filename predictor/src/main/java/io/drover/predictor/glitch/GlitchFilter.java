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
    if (!(threshold >= 0)) {
      throw new IllegalArgumentException("threshold is " + threshold + "; accepted: not negative");
    }
    if (minStableSamples < 2) {
      throw new IllegalArgumentException(
          "minStableSamples is " + minStableSamples + "; accepted: at least 2");
    }
    List<Run> runs = findRuns(values, threshold, minStableSamples);
    return join(values, threshold, runs);
  }

  private record Run(double baseline, Span span) {}

  private static List<Run> findRuns(double[] values, double threshold, int least) {
    List<Run> runs = new ArrayList<>();
    double[] window = new double[least];
    int i = 0;
    while (i + least <= values.length) {
      System.arraycopy(values, i, window, 0, least);
      Arrays.sort(window);
      double baseline = (window[(least - 1) / 2] + window[least / 2]) / 2;
      if (!calm(values, i, least, threshold)
          || baseline - window[0] > threshold
          || window[least - 1] - baseline > threshold) {
        i++;
        continue;
      }
      int end = i + least;
      while (end < values.length && Math.abs(values[end] - baseline) <= threshold) {
        end++;
      }
      runs.add(new Run(baseline, new Span(i, end)));
      i = end;
    }
    return runs;
  }

  private static boolean calm(double[] values, int from, int count, double threshold) {
    for (int i = from + 1; i < from + count; i++) {
      if (Math.abs(values[i] - values[i - 1]) > threshold) {
        return false;
      }
    }
    return true;
  }

  private static Phases join(double[] values, double threshold, List<Run> runs) {
    List<StablePeriod> periods = new ArrayList<>();
    List<UnstableGroup> groups = new ArrayList<>();
    List<Span> open = new ArrayList<>();
    double baseline = 0;
    int end = 0;
    for (Run run : runs) {
      Span span = run.span();
      boolean gap = span.from() > end;
      boolean agrees =
          !open.isEmpty()
              && (gap
                  ? Math.abs(values[span.from()] - values[end - 1]) <= threshold
                  : Math.abs(run.baseline() - baseline) <= threshold);
      if (gap) {
        groups.add(new UnstableGroup(new Span(end, span.from()), verdict(!open.isEmpty(), agrees)));
      }
      if (!agrees) {
        if (!open.isEmpty()) {
          periods.add(new StablePeriod(baseline, open));
        }
        open = new ArrayList<>();
        baseline = run.baseline();
      }
      open.add(span);
      end = span.to();
    }
    if (!open.isEmpty()) {
      periods.add(new StablePeriod(baseline, open));
    }
    if (end < values.length) {
      groups.add(new UnstableGroup(new Span(end, values.length), UnstableGroup.Verdict.UNDECIDED));
    }
    return new Phases(values.length, threshold, periods, groups);
  }

  private static UnstableGroup.Verdict verdict(boolean stableBefore, boolean agrees) {
    if (!stableBefore) {
      return UnstableGroup.Verdict.LEADING;
    }
    return agrees ? UnstableGroup.Verdict.GLITCH : UnstableGroup.Verdict.PHASE_CHANGE;
  }
}
