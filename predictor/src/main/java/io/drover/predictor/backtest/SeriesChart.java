package io.drover.predictor.backtest;

/** What one series did and what was forecast for it, interval by interval; NaN for nothing. */
public final class SeriesChart {
  private final String place;
  private final String name;
  private final int horizon;
  private final double error;
  private final float[] came;
  private final float[] middle;
  private final float[] high;

  SeriesChart(String place, Trace trace, int horizon, double error, float[] middle, float[] high) {
    this.place = place;
    this.name = trace.name();
    this.horizon = horizon;
    this.error = error;
    this.came = trace.values();
    this.middle = middle.clone();
    this.high = high.clone();
  }

  /** Worst, median or best. */
  public String place() {
    return place;
  }

  public String name() {
    return name;
  }

  /** How far ahead the forecasts were made, in intervals. */
  public int horizon() {
    return horizon;
  }

  /** Mean absolute scaled error at the horizon. */
  public double error() {
    return error;
  }

  /** A copy of what came. */
  public float[] came() {
    return came.clone();
  }

  /** A copy of the middle forecasts. */
  public float[] middle() {
    return middle.clone();
  }

  /** A copy of the forecasts of the 0.95 quantile. */
  public float[] high() {
    return high.clone();
  }
}
