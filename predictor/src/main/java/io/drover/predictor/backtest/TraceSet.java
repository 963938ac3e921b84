package io.drover.predictor.backtest;

import java.time.Duration;
import java.util.List;

/**
 * Series that were recorded side by side.
 *
 * @param interval time between neighbouring values of a series
 * @param traces at least one, in the order in which the fleet knows them
 */
public record TraceSet(Duration interval, List<Trace> traces) {
  public TraceSet {
    traces = List.copyOf(traces);
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("interval is " + interval + "; accepted: above zero");
    }
    if (traces.isEmpty()) {
      throw new IllegalArgumentException("traces is empty; accepted: at least one");
    }
  }

  long firstSlot() {
    return traces.stream().mapToLong(Trace::firstSlot).min().orElseThrow();
  }

  long endSlot() {
    return traces.stream().mapToLong(Trace::endSlot).max().orElseThrow();
  }
}
