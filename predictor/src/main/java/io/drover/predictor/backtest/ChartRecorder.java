package io.drover.predictor.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps the forecasts of the first horizon, so that the series worth showing can be picked. */
final class ChartRecorder {
  private final TraceSet set;
  private final float[][] middle;
  private final float[][] high;

  ChartRecorder(TraceSet set) {
    this.set = set;
    int n = set.traces().size();
    middle = new float[n][];
    high = new float[n][];
    for (int i = 0; i < n; i++) {
      middle[i] = new float[set.traces().get(i).length()];
      high[i] = middle[i].clone();
      Arrays.fill(middle[i], Float.NaN);
      Arrays.fill(high[i], Float.NaN);
    }
  }

  void add(int series, long target, float half, float above) {
    long at = target - set.traces().get(series).firstSlot();
    if (at < middle[series].length) {
      middle[series][(int) at] = half;
      high[series][(int) at] = above;
    }
  }

  /** The worst, the median and the best series by scaled error; series that never move left out. */
  List<SeriesChart> pick(Score score, double[] steps, int horizon) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < middle.length; i++) {
      if (steps[i] > 0 && !Double.isNaN(score.maeOf(i))) {
        order.add(i);
      }
    }
    order.sort((a, b) -> Double.compare(scaled(score, steps, b), scaled(score, steps, a)));
    List<SeriesChart> charts = new ArrayList<>();
    String[] places = {"worst", "median", "best"};
    for (int p = 0; p < places.length && !order.isEmpty(); p++) {
      int i = order.get(p * (order.size() - 1) / 2);
      Trace trace = set.traces().get(i);
      charts.add(
          new SeriesChart(places[p], trace, horizon, scaled(score, steps, i), middle[i], high[i]));
    }
    return charts;
  }

  private static double scaled(Score score, double[] steps, int series) {
    return score.maeOf(series) / steps[series];
  }
}
