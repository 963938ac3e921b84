package io.drover.daemon.trace;

import io.drover.predictor.backtest.Trace;
import java.util.Arrays;

/** Samples of one series as they stand in a file; grows as they are read. */
final class TimedSeries {
  private static final int LONGEST = 10_000_000;

  private final String name;
  private long[] seconds = new long[512];
  private float[] values = new float[512];
  private int size;

  TimedSeries(String name) {
    this.name = name;
  }

  void add(long second, double value) {
    if (size == seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    seconds[size] = second;
    values[size] = (float) Math.max(0, value);
    size++;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Usual time between neighbours in seconds: the median; 0 when there are fewer than two. */
  long step() {
    if (size < 2) {
      return 0;
    }
    long[] steps = new long[size - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = seconds[i + 1] - seconds[i];
    }
    Arrays.sort(steps);
    return steps[steps.length / 2];
  }

  /**
   * The series on a grid. A sample goes to the nearest slot; when it is taken by the one before, to
   * the next (clocks and collectors drift); what goes back in time is left out.
   */
  Trace onGrid(long step) throws TraceException {
    long first = Math.round((double) seconds[0] / step);
    long most = 0;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, Math.round((double) seconds[i] / step) - first);
    }
    if (most > LONGEST) {
      throw new TraceException(
          name + " spans " + most + " intervals of " + step + " s; at most " + LONGEST);
    }
    float[] grid = new float[(int) most + 2];
    Arrays.fill(grid, Float.NaN);
    long last = -1;
    long newest = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      long at = Math.round((double) seconds[i] / step) - first;
      at = at == last && seconds[i] > newest ? last + 1 : at;
      if (at > last && at < grid.length) {
        grid[(int) at] = values[i];
        last = at;
        newest = seconds[i];
      }
    }
    return new Trace(name, first, Arrays.copyOf(grid, (int) last + 1));
  }
}
