package io.drover.predictor.glitch;

import io.drover.predictor.glitch.GlitchFilter.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * The stable runs of a history in flat arrays that are used in turn: the newest run grows in place,
 * and whole periods are dropped at the other end. Allocates only when there are more runs at once
 * than ever before.
 */
final class RunRing {
  private static final int FIRST_CAPACITY = 4;

  private double[] baseline = new double[FIRST_CAPACITY];
  private double[] threshold = new double[FIRST_CAPACITY];
  private double[] first = new double[FIRST_CAPACITY];
  private double[] last = new double[FIRST_CAPACITY];
  private int[] from = new int[FIRST_CAPACITY];
  private int[] to = new int[FIRST_CAPACITY];
  private boolean[] opensPeriod = new boolean[FIRST_CAPACITY];
  private int oldest;
  private int size;
  private int newest;
  private int newestPeriod;
  private int periods;

  /** How many periods the runs are joined to. */
  int periods() {
    return periods;
  }

  /** Adds a run after the newest one, which goes on the newest period or opens another. */
  void add(double baseline, double threshold, int from, int to, double first, double last) {
    boolean opens = size == 0 || !goesOn(baseline, from, first);
    if (size == this.from.length) {
      grow();
    }
    newest = (oldest + size) % this.from.length;
    size++;
    this.baseline[newest] = baseline;
    this.threshold[newest] = threshold;
    this.from[newest] = from;
    this.to[newest] = to;
    this.first[newest] = first;
    this.last[newest] = last;
    opensPeriod[newest] = opens;
    if (opens) {
      newestPeriod = newest;
      periods++;
    }
  }

  private boolean goesOn(double baseline, int from, double first) {
    return GlitchFilter.agree(
        from > to[newest],
        first - last[newest],
        baseline - this.baseline[newestPeriod],
        threshold[newestPeriod]);
  }

  /** Makes the newest run one sample longer if the value lies in its band. */
  boolean extend(double value) {
    if (!(Math.abs(value - baseline[newest]) <= threshold[newest])) {
      return false;
    }
    to[newest]++;
    last[newest] = value;
    return true;
  }

  /** Drops the oldest of at least two periods; returns where the next one begins. */
  int dropOldestPeriod() {
    do {
      oldest = (oldest + 1) % from.length;
      size--;
    } while (!opensPeriod[oldest]);
    periods--;
    return from[oldest];
  }

  /** The runs, oldest first, counted from {@code origin} on. */
  List<Run> runs(int origin) {
    List<Run> runs = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int at = (oldest + i) % from.length;
      Span span = new Span(from[at] - origin, to[at] - origin);
      runs.add(new Run(baseline[at], threshold[at], span, first[at], last[at]));
    }
    return runs;
  }

  /** Doubles the room, with the oldest run at the start of it. */
  private void grow() {
    baseline = unrolled(baseline);
    threshold = unrolled(threshold);
    first = unrolled(first);
    last = unrolled(last);
    from = unrolled(from);
    to = unrolled(to);
    boolean[] opens = new boolean[2 * size];
    System.arraycopy(opensPeriod, oldest, opens, 0, size - oldest);
    System.arraycopy(opensPeriod, 0, opens, size - oldest, oldest);
    opensPeriod = opens;
    newestPeriod = Math.floorMod(newestPeriod - oldest, size);
    newest = size - 1;
    oldest = 0;
  }

  private double[] unrolled(double[] ring) {
    double[] all = new double[2 * size];
    System.arraycopy(ring, oldest, all, 0, size - oldest);
    System.arraycopy(ring, 0, all, size - oldest, oldest);
    return all;
  }

  private int[] unrolled(int[] ring) {
    int[] all = new int[2 * size];
    System.arraycopy(ring, oldest, all, 0, size - oldest);
    System.arraycopy(ring, 0, all, size - oldest, oldest);
    return all;
  }
}
