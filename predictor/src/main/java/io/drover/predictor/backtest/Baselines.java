package io.drover.predictor.backtest;

import java.util.Arrays;
import java.util.List;

/**
 * The forecasters that Drover's has to beat.
 *
 * <p>Holt-Winters is the additive form with a season of one day, and Holt's linear trend until the
 * first day is complete (Winters, Management Science 6(3), 1960; constants 0.3, 0.05, 0.2).
 */
final class Baselines {
  private static final double EWMA = 0.3;

  private Baselines() {}

  static List<Contender> all(int series, int[] horizons, int day) {
    return List.of(
        new Baseline("last value", series, horizons, () -> new Recent(1, false)),
        new Baseline("mean of 6", series, horizons, () -> new Recent(6, false)),
        new Baseline("median of 12", series, horizons, () -> new Recent(12, true)),
        new Baseline("median of 48", series, horizons, () -> new Recent(48, true)),
        new Baseline("ewma", series, horizons, Ewma::new),
        new Baseline("seasonal naive", series, horizons, () -> new SeasonalNaive(day)),
        new Baseline("holt-winters", series, horizons, () -> new HoltWinters(day)));
  }

  /** Mean or median of the newest samples. */
  private static final class Recent implements Baseline.Method {
    private final float[] ring;
    private final float[] sorted;
    private final boolean median;
    private long seen;

    Recent(int count, boolean median) {
      ring = new float[count];
      sorted = new float[count];
      this.median = median;
    }

    @Override
    public void observe(float value) {
      ring[(int) (seen % ring.length)] = value;
      seen++;
    }

    @Override
    public double ahead(int horizon) {
      int n = (int) Math.min(seen, ring.length);
      if (median) {
        System.arraycopy(ring, 0, sorted, 0, n);
        Arrays.sort(sorted, 0, n);
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
      }
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += ring[i];
      }
      return sum / n;
    }
  }

  private static final class Ewma implements Baseline.Method {
    private double level = Double.NaN;

    @Override
    public void observe(float value) {
      level = Double.isNaN(level) ? value : level + EWMA * (value - level);
    }

    @Override
    public double ahead(int horizon) {
      return level;
    }
  }

  /** The value a day before; the last one while there is none. */
  private static final class SeasonalNaive implements Baseline.Method {
    private final float[] ring;
    private long seen;

    SeasonalNaive(int day) {
      ring = new float[day];
    }

    @Override
    public void observe(float value) {
      ring[(int) (seen % ring.length)] = value;
      seen++;
    }

    @Override
    public double ahead(int horizon) {
      int behind = Math.floorMod(horizon - 1, ring.length);
      long at = seen < ring.length ? seen - 1 : seen + behind;
      return ring[(int) (at % ring.length)];
    }
  }

  private static final class HoltWinters implements Baseline.Method {
    private static final double LEVEL = 0.3;
    private static final double TREND = 0.05;
    private static final double SEASON = 0.2;
    private final double[] season;
    private long seen;
    private double level;
    private double trend;
    private double firstDay;

    HoltWinters(int day) {
      season = new double[day];
    }

    @Override
    public void observe(float value) {
      int at = (int) (seen % season.length);
      if (seen == 0) {
        level = value;
      } else {
        double before = level;
        level = LEVEL * (value - seasonal(at)) + (1 - LEVEL) * (level + trend);
        trend = TREND * (level - before) + (1 - TREND) * trend;
      }
      if (seen < season.length) {
        season[at] = value;
        firstDay += value / season.length;
        if (at == season.length - 1) {
          for (int i = 0; i < season.length; i++) {
            season[i] -= firstDay;
          }
          level -= season[at];
        }
      } else {
        season[at] = SEASON * (value - level) + (1 - SEASON) * season[at];
      }
      seen++;
    }

    @Override
    public double ahead(int horizon) {
      return level + horizon * trend + seasonal((int) ((seen + horizon - 1) % season.length));
    }

    private double seasonal(int at) {
      return seen >= season.length ? season[at] : 0;
    }
  }
}
