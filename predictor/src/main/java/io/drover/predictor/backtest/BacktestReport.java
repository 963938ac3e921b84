package io.drover.predictor.backtest;

import java.util.List;
import java.util.Map;

/**
 * How the forecasters did.
 *
 * @param results one for each horizon and model
 * @param sums one for each size of set; sizes above the number of series are left out
 * @param series how many series took part
 * @param forecasts how many forecasts of one model were held against what came
 * @param charts the worst, the median and the best series of Drover's forecaster at the first
 *     horizon; empty when none were asked for
 */
public record BacktestReport(
    List<Result> results, List<Sum> sums, int series, long forecasts, List<SeriesChart> charts) {
  public BacktestReport {
    results = List.copyOf(results);
    sums = List.copyOf(sums);
    charts = List.copyOf(charts);
  }

  /**
   * One model at one horizon. Losses are in the unit of the trace; coverage is the share of samples
   * that were not above the quantile.
   *
   * @param horizon in intervals
   * @param mase mean over the series of their error, in units of their mean step from sample to
   *     sample; series that never move are left out
   */
  public record Result(
      int horizon,
      String model,
      double mae,
      double rmse,
      double mase,
      Map<String, Double> pinball,
      Map<String, Double> coverage) {}

  /**
   * Sums over random sets of one size.
   *
   * @param coverage of all horizons together
   * @param coverageByHorizon by the horizon in intervals
   */
  public record Sum(
      int size,
      int sets,
      Map<String, Double> coverage,
      Map<String, Map<String, Double>> coverageByHorizon) {}
}
