package io.drover.predictor.backtest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** How the quantiles of sums over random sets of series held. */
final class SumScores {
  private static final int[] SIZES = {5, 20, 50};
  private static final int SETS = 20;
  private static final long SEED = 20260101;

  private final TraceSet set;
  private final int[] horizons;
  private final List<int[]> members = new ArrayList<>();
  private final Pending pending;
  private final long[][][] covered;
  private final long[][] count;
  private final float[] out;

  SumScores(TraceSet set, int[] horizons) {
    this.set = set;
    this.horizons = horizons;
    int n = set.traces().size();
    Random random = new Random(SEED);
    for (int size : SIZES) {
      for (int s = 0; s < SETS && size <= n; s++) {
        members.add(random.ints(0, n).distinct().limit(size).toArray());
      }
    }
    pending = new Pending(Math.max(1, members.size()), horizons, Backtest.QUANTILES.size());
    covered = new long[SIZES.length][horizons.length][Backtest.QUANTILES.size()];
    count = new long[SIZES.length][horizons.length];
    out = new float[horizons.length * Backtest.QUANTILES.size()];
  }

  /** Asks for the sums of the sets whose members have all sent a sample and are past warm-up. */
  void forecast(SumContender contender, long slot, int[] seen) {
    for (int s = 0; s < members.size(); s++) {
      if (Float.isNaN(sum(s, slot)) || !warm(s, seen)) {
        continue;
      }
      contender.forecastSum(members.get(s), slot, out);
      for (int h = 0; h < horizons.length; h++) {
        int to = pending.put(s, h, slot);
        int width = Backtest.QUANTILES.size();
        System.arraycopy(out, h * width, pending.values(), to, width);
      }
    }
  }

  void judge(long slot) {
    for (int s = 0; s < members.size(); s++) {
      float came = sum(s, slot);
      for (int h = 0; h < horizons.length && !Float.isNaN(came); h++) {
        int at = pending.find(s, h, slot - horizons[h]);
        if (at >= 0) {
          int size = s / SETS;
          count[size][h]++;
          for (int q = 0; q < Backtest.QUANTILES.size(); q++) {
            covered[size][h][q] += came <= pending.values()[at + q] ? 1 : 0;
          }
        }
      }
    }
  }

  List<BacktestReport.Sum> report() {
    List<BacktestReport.Sum> all = new ArrayList<>();
    for (int size = 0; size * SETS < members.size(); size++) {
      Map<String, Map<String, Double>> byHorizon = new LinkedHashMap<>();
      for (int h = 0; h < horizons.length; h++) {
        byHorizon.put(String.valueOf(horizons[h]), shares(size, h, h + 1));
      }
      all.add(
          new BacktestReport.Sum(SIZES[size], SETS, shares(size, 0, horizons.length), byHorizon));
    }
    return all;
  }

  private Map<String, Double> shares(int size, int from, int to) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int q = 0; q < Backtest.QUANTILES.size(); q++) {
      long in = 0;
      long of = 0;
      for (int h = from; h < to; h++) {
        in += covered[size][h][q];
        of += count[size][h];
      }
      all.put(Backtest.key(q), of == 0 ? 0 : (double) in / of);
    }
    return all;
  }

  private boolean warm(int s, int[] seen) {
    for (int i : members.get(s)) {
      if (seen[i] < Backtest.WARM_UP) {
        return false;
      }
    }
    return true;
  }

  /** What the members of a set have in an interval together; NaN when one has a gap. */
  private float sum(int s, long slot) {
    double sum = 0;
    for (int i : members.get(s)) {
      sum += set.traces().get(i).at(slot);
    }
    return (float) sum;
  }
}
