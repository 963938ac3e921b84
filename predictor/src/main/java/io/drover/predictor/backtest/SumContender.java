package io.drover.predictor.backtest;

/** A contender that also forecasts the sum of a set of series. */
interface SumContender extends Contender {

  /** Quantiles of the sum, laid out as in {@link #forecast}. */
  void forecastSum(int[] series, long slot, float[] out);
}
