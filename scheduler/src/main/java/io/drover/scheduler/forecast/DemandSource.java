package io.drover.scheduler.forecast;

import io.drover.predictor.history.Samples;

/** Where the samples of a machine are read from. */
public interface DemandSource {
  /** CPU demand in cores from a time on, oldest first; empty for a machine without samples. */
  Samples since(String vm, long fromEpochMillis);
}
