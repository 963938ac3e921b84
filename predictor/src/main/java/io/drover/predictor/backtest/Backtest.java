package io.drover.predictor.backtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Rolling-origin evaluation of Drover's forecaster and of the {@link Baselines} side by side.
 *
 * <p>Time goes on interval by interval, as a live fleet would see it: every series' sample of the
 * interval is first held against the forecasts made for it, then told to the contenders, then each
 * is asked for new forecasts. Every origin counts from the sixth sample of a series on.
 */
public final class Backtest {
  /** The quantiles forecast; the first one is the middle, which point errors are measured by. */
  public static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.95, 0.99);

  /** Samples a series must have shown before its forecasts count. */
  public static final int WARM_UP = 6;

  private final TraceSet set;
  private final int[] horizons;
  private final List<Contender> contenders;
  private final List<Pending> pending = new ArrayList<>();
  private final List<List<Score>> scores = new ArrayList<>();
  private final SumScores sums;
  private final int[] seen;
  private final double[] steps;
  private final float[] out;

  private Backtest(TraceSet set, int[] horizons, List<Contender> contenders) {
    this.set = set;
    this.horizons = horizons;
    this.contenders = contenders;
    int n = set.traces().size();
    for (int c = 0; c < contenders.size(); c++) {
      pending.add(new Pending(n, horizons, QUANTILES.size()));
      List<Score> row = new ArrayList<>();
      for (int h = 0; h < horizons.length; h++) {
        row.add(new Score(n));
      }
      scores.add(row);
    }
    sums = new SumScores(set, horizons);
    seen = new int[n];
    steps = steps(set);
    out = new float[horizons.length * QUANTILES.size()];
  }

  /**
   * Runs the evaluation.
   *
   * @param horizons in intervals, rising, each at least 1
   * @param charts whether the report gets charts
   * @param percentReached told how far the run is, 0 to 100
   */
  public static BacktestReport run(
      TraceSet set, List<Integer> horizons, boolean charts, IntConsumer percentReached) {
    int[] ahead = horizons.stream().mapToInt(Integer::intValue).toArray();
    for (int h = 0; h < ahead.length; h++) {
      if (ahead[h] < 1 || (h > 0 && ahead[h] <= ahead[h - 1])) {
        throw new IllegalArgumentException(
            "horizons are " + horizons + "; accepted: rising numbers, the first at least 1");
      }
    }
    int n = set.traces().size();
    int day = (int) Math.max(2, 86_400_000 / Math.max(1, set.interval().toMillis()));
    List<Contender> contenders = new ArrayList<>();
    contenders.add(DroverContender.of(set, ahead));
    contenders.addAll(Baselines.all(n, ahead, day));
    return new Backtest(set, ahead, contenders).run(charts, percentReached);
  }

  static String key(int q) {
    return String.valueOf(QUANTILES.get(q));
  }

  private BacktestReport run(boolean withCharts, IntConsumer percentReached) {
    long first = set.firstSlot();
    long end = set.endSlot();
    ChartRecorder charts = withCharts ? new ChartRecorder(set) : null;
    for (long slot = first; slot < end; slot++) {
      judge(slot);
      observe(slot);
      forecast(slot, charts);
      for (Contender contender : contenders) {
        contender.endOfSlot(slot);
      }
      percentReached.accept((int) (100 * (slot + 1 - first) / (end - first)));
    }
    return report(charts);
  }

  private void judge(long slot) {
    for (int c = 0; c < contenders.size(); c++) {
      Pending due = pending.get(c);
      for (int i = 0; i < seen.length; i++) {
        float came = set.traces().get(i).at(slot);
        for (int h = 0; h < horizons.length && !Float.isNaN(came); h++) {
          int at = due.find(i, h, slot - horizons[h]);
          if (at >= 0) {
            scores.get(c).get(h).add(i, came, due.values(), at);
          }
        }
      }
    }
    sums.judge(slot);
  }

  private void observe(long slot) {
    for (int i = 0; i < seen.length; i++) {
      float came = set.traces().get(i).at(slot);
      if (!Float.isNaN(came)) {
        seen[i]++;
        for (Contender contender : contenders) {
          contender.observe(i, slot, came);
        }
      }
    }
  }

  private void forecast(long slot, @org.jspecify.annotations.Nullable ChartRecorder charts) {
    for (int c = 0; c < contenders.size(); c++) {
      for (int i = 0; i < seen.length; i++) {
        if (Float.isNaN(set.traces().get(i).at(slot))) {
          continue;
        }
        contenders.get(c).forecast(i, slot, out);
        if (seen[i] < WARM_UP) {
          continue;
        }
        for (int h = 0; h < horizons.length; h++) {
          int to = pending.get(c).put(i, h, slot);
          System.arraycopy(
              out, h * QUANTILES.size(), pending.get(c).values(), to, QUANTILES.size());
        }
        if (c == 0 && charts != null) {
          charts.add(i, slot + horizons[0], out[0], out[2]);
        }
      }
      if (contenders.get(c) instanceof SumContender summing) {
        sums.forecast(summing, slot, seen);
      }
    }
  }

  private BacktestReport report(@org.jspecify.annotations.Nullable ChartRecorder charts) {
    List<BacktestReport.Result> results = new ArrayList<>();
    for (int h = 0; h < horizons.length; h++) {
      for (int c = 0; c < contenders.size(); c++) {
        Score score = scores.get(c).get(h);
        results.add(
            new BacktestReport.Result(
                horizons[h],
                contenders.get(c).name(),
                score.mae(),
                score.rmse(),
                score.mase(steps),
                score.pinball(),
                score.coverage()));
      }
    }
    long forecasts = scores.getFirst().stream().mapToLong(Score::count).sum();
    Score first = scores.getFirst().getFirst();
    return new BacktestReport(
        results,
        sums.report(),
        seen.length,
        forecasts,
        charts == null ? List.of() : charts.pick(first, steps, horizons[0]));
  }

  /** Mean step from sample to sample of each series: the unit of its scaled error. */
  private static double[] steps(TraceSet set) {
    double[] all = new double[set.traces().size()];
    for (int i = 0; i < all.length; i++) {
      float before = Float.NaN;
      double sum = 0;
      int n = 0;
      for (float value : set.traces().get(i).values()) {
        if (!Float.isNaN(value)) {
          if (!Float.isNaN(before)) {
            sum += Math.abs(value - before);
            n++;
          }
          before = value;
        }
      }
      all[i] = n == 0 ? 0 : sum / n;
    }
    return all;
  }

  @Override
  public String toString() {
    return "Backtest of " + seen.length + " series at " + Arrays.toString(horizons);
  }
}
