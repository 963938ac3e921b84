package io.drover.predictor.glitch;

import io.drover.predictor.glitch.GlitchFilter.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link GlitchFilter} for samples that come one by one: at any time its phases are those that the
 * whole retained history would be split into.
 *
 * <p>A sample costs O(m log m) for the least length m, however long the history is: a run in
 * progress only compares it with its baseline, and otherwise the one window that ends at it is
 * looked at. The threshold of a run is frozen when it begins, so that noise seen later cannot
 * rewrite what was decided.
 *
 * <p>Whole periods are forgotten, oldest first, once more than the limit is retained. What is left
 * begins with a stable run, and a scan from the first sample of a run finds that very run, so what
 * is left is split as before. One period in progress is never cut, so a history that never changes
 * keeps its start. Not thread-safe.
 */
public final class OnlineGlitchFilter {
  private final int least;
  private final int retained;
  private final ArrayDeque<Run> runs = new ArrayDeque<>();
  private final ArrayDeque<Run> periodStarts = new ArrayDeque<>();
  private final double[] recent;
  private final double[] window;
  private int samples;
  private int dropped;
  private int freeFrom;
  private boolean inRun;
  private double newestThreshold;

  /**
   * @param minStableSamples how many samples in a row make a level, at least 2
   * @param retained how many samples are kept while whole periods can be forgotten instead
   */
  public OnlineGlitchFilter(int minStableSamples, int retained) {
    GlitchFilter.checkLeast(minStableSamples);
    if (retained < 2 * minStableSamples) {
      throw new IllegalArgumentException(
          "retained is " + retained + "; accepted: at least twice minStableSamples");
    }
    least = minStableSamples;
    this.retained = retained;
    recent = new double[least];
    window = new double[least];
  }

  /**
   * Takes a sample.
   *
   * @param threshold how far a sample may lie from the baseline of a period that begins now; not
   *     negative
   */
  public void add(double value, double threshold) {
    recent[samples % least] = value;
    samples++;
    newestThreshold = Math.max(0, threshold);
    if (inRun) {
      Run run = runs.removeLast();
      if (Math.abs(value - run.baseline()) <= run.threshold()) {
        runs.addLast(longer(run, value));
        refreshStart(run);
        return;
      }
      runs.addLast(run);
      inRun = false;
      freeFrom = samples - 1;
    }
    if (samples - freeFrom >= least) {
      tryToBegin();
    }
    forget();
  }

  /** How many samples are retained. */
  public int samples() {
    return samples - dropped;
  }

  /** The number, counted from the first sample ever, of the oldest one retained. */
  public int firstRetained() {
    return dropped;
  }

  /** The phases of what is retained; costs as much as there are runs. */
  public Phases phases() {
    List<Run> moved = new ArrayList<>(runs.size());
    for (Run run : runs) {
      Span span = new Span(run.span().from() - dropped, run.span().to() - dropped);
      moved.add(new Run(run.baseline(), run.threshold(), span, run.first(), run.last()));
    }
    return GlitchFilter.join(samples(), newestThreshold, moved);
  }

  private void tryToBegin() {
    int from = samples - least;
    double before = recent[from % least];
    for (int i = 0; i < least; i++) {
      window[i] = recent[(from + i) % least];
      if (Math.abs(window[i] - before) > newestThreshold) {
        return;
      }
      before = window[i];
    }
    double first = window[0];
    double last = window[least - 1];
    double baseline = GlitchFilter.baseline(window, newestThreshold);
    if (Double.isNaN(baseline)) {
      return;
    }
    Run run = new Run(baseline, newestThreshold, new Span(from, samples), first, last);
    Run start = periodStarts.peekLast();
    if (start == null || !run.agrees(runs.getLast(), start.baseline(), start.threshold())) {
      periodStarts.addLast(run);
    }
    runs.addLast(run);
    inRun = true;
  }

  private static Run longer(Run run, double value) {
    Span span = new Span(run.span().from(), run.span().to() + 1);
    return new Run(run.baseline(), run.threshold(), span, run.first(), value);
  }

  /** The newest run may be the start of the newest period, which is known by where it begins. */
  private void refreshStart(Run before) {
    if (periodStarts.getLast().span().from() == before.span().from()) {
      periodStarts.removeLast();
      periodStarts.addLast(runs.getLast());
    }
    forget();
  }

  private void forget() {
    while (samples - dropped > retained && periodStarts.size() > 1) {
      periodStarts.removeFirst();
      int from = periodStarts.getFirst().span().from();
      while (runs.getFirst().span().from() < from) {
        runs.removeFirst();
      }
      dropped = from;
    }
  }
}
