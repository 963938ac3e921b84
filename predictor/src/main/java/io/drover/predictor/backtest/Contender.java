package io.drover.predictor.backtest;

/** A forecaster that is judged: told of samples in the order of time, asked for quantiles. */
interface Contender {

  /** As it is called in the report. */
  String name();

  /** A sample of one series; slots rise from call to call of a series. */
  void observe(int series, long slot, float value);

  /**
   * Forecasts from the newest sample on, which is of {@code slot}: for each horizon, in the order
   * of the run, one value for each quantile of {@link Backtest#QUANTILES}.
   */
  void forecast(int series, long slot, float[] out);

  /** All samples of {@code slot} have been told and all forecasts from it asked. */
  default void endOfSlot(long slot) {}
}
