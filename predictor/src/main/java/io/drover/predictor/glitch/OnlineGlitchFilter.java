package io.drover.predictor.glitch;

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
 * keeps its start. Taking a sample allocates nothing, unless there are more runs at once than ever
 * before. Not thread-safe.
 */
public final class OnlineGlitchFilter {
  private final int least;
  private final int retained;
  private final RunRing runs = new RunRing();
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
      if (runs.extend(value)) {
        forget();
        return;
      }
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
    return GlitchFilter.join(samples(), newestThreshold, runs.runs(dropped));
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
    runs.add(baseline, newestThreshold, from, samples, first, last);
    inRun = true;
  }

  private void forget() {
    while (samples - dropped > retained && runs.periods() > 1) {
      dropped = runs.dropOldestPeriod();
    }
  }
}
