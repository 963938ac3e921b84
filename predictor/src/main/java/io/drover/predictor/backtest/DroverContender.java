package io.drover.predictor.backtest;

import io.drover.predictor.fleet.FleetPredictor;
import io.drover.predictor.fleet.FleetShape;
import io.drover.predictor.history.HistoryShape;
import java.util.Arrays;

/** Drover's forecaster, judged like the others. */
final class DroverContender implements SumContender {
  private final FleetPredictor fleet;
  private final long intervalMillis;
  private final int horizons;

  private DroverContender(FleetPredictor fleet, long intervalMillis, int horizons) {
    this.fleet = fleet;
    this.intervalMillis = intervalMillis;
    this.horizons = horizons;
  }

  static DroverContender of(TraceSet set, int[] horizons) {
    FleetPredictor fleet =
        new FleetPredictor(
            new FleetShape(
                HistoryShape.cpu(set.interval()), Arrays.stream(horizons).boxed().toList()));
    for (int i = 0; i < set.traces().size(); i++) {
      fleet.add();
    }
    return new DroverContender(fleet, set.interval().toMillis(), horizons.length);
  }

  @Override
  public String name() {
    return "drover";
  }

  @Override
  public void observe(int series, long slot, float value) {
    fleet.observe(series, slot * intervalMillis, value);
  }

  @Override
  public void forecast(int series, long slot, float[] out) {
    fleet.forecast(series);
    int width = Backtest.QUANTILES.size();
    for (int h = 0; h < horizons; h++) {
      for (int q = 0; q < width; q++) {
        out[h * width + q] = fleet.quantile(series, h, q);
      }
    }
  }

  @Override
  public void forecastSum(int[] series, long slot, float[] out) {
    fleet.sum(series, series.length, out);
  }

  @Override
  public void endOfSlot(long slot) {
    fleet.endOfSlot(slot);
  }
}
