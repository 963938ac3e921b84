package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;

/** What each model of the portfolio says about one horizon of one series. */
final class Experts {
  private final int day;
  private final Patterns patterns;

  Experts(int day, Patterns patterns) {
    this.day = day;
    this.patterns = patterns;
  }

  /** Fills in the middle models but the fleet's mixture; all are finite and not negative. */
  void middle(Window window, HistoryBank bank, int row, int ahead, int period, float[] said) {
    said[Middle.LAST.ordinal()] = window.last;
    said[Middle.EWMA_2.ordinal()] = window.ewma2;
    said[Middle.EWMA_5.ordinal()] = window.ewma5;
    said[Middle.EWMA_20.ordinal()] = window.ewma20;
    said[Middle.MEDIAN_6.ordinal()] = window.median6;
    said[Middle.MEDIAN_12.ordinal()] = window.median12;
    said[Middle.MEDIAN_48.ordinal()] = window.median48;
    said[Middle.MEDIAN_288.ordinal()] = window.median288;
    said[Middle.TREND.ordinal()] = trend(window, ahead);
    said[Middle.PATTERN.ordinal()] =
        patterns.follow(window.values, window.count, ahead) ? patterns.middle : window.median12;
    days(window, ahead, said);
    periods(window, ahead, period, said);
    hours(window, bank, row, ahead, said);
  }

  /** Fills in the models of one upper quantile but the fleet's mixture. */
  void tail(Window window, int q, float middle, float spread, int ahead, float[] said, int at) {
    said[at + Tail.RECENT_48.ordinal()] = window.tail48[q];
    said[at + Tail.RECENT_288.ordinal()] = window.tail288[q];
    said[at + Tail.KEPT.ordinal()] = window.tailKept[q];
    said[at + Tail.SPREAD.ordinal()] = middle + spread;
    said[at + Tail.MAX_12.ordinal()] = window.max12;
    said[at + Tail.PATTERN.ordinal()] =
        patterns.follow(window.values, window.count, ahead)
            ? Math.max(middle, patterns.highest)
            : window.max12;
  }

  /** The slope of the newest 12, going on ever more slowly: by nine tenths from step to step. */
  private static float trend(Window window, int ahead) {
    float reach = 2.5f + 9 * (1 - (float) Math.pow(0.9, ahead));
    return Math.max(0, window.mean6 + window.slope * reach);
  }

  private void days(Window window, int ahead, float[] said) {
    int back = day - ahead;
    if (day == 0 || back < 0 || window.count < day + 2) {
      said[Middle.DAY.ordinal()] = window.median48;
      said[Middle.DAY_SHIFT.ordinal()] = window.median12;
      return;
    }
    said[Middle.DAY.ordinal()] = window.back(back);
    float change = smooth(window, back) - smooth(window, day);
    said[Middle.DAY_SHIFT.ordinal()] = Math.max(0, window.last + change);
  }

  private static float smooth(Window window, int back) {
    if (back < 1) {
      return window.last;
    }
    return (window.back(back - 1) + 2 * window.back(back) + window.back(back + 1)) / 4;
  }

  private static void periods(Window window, int ahead, int period, float[] said) {
    if (period == 0) {
      said[Middle.PERIOD.ordinal()] = window.median12;
      said[Middle.PERIOD_MEDIAN.ordinal()] = window.median12;
      return;
    }
    int back = (ahead + period - 1) / period * period - ahead;
    if (back >= window.count) {
      said[Middle.PERIOD.ordinal()] = window.median12;
      said[Middle.PERIOD_MEDIAN.ordinal()] = window.median12;
      return;
    }
    said[Middle.PERIOD.ordinal()] = window.back(back);
    float least = Float.POSITIVE_INFINITY;
    float most = 0;
    float sum = 0;
    int n = 0;
    for (int i = 0; i < 4 && back + i * period < window.count; i++) {
      float value = window.back(back + i * period);
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
      n++;
    }
    // The median of up to four: without the extremes when there are more than two.
    said[Middle.PERIOD_MEDIAN.ordinal()] =
        n > 2 ? Math.max(0, sum - least - most) / (n - 2) : sum / n;
  }

  private void hours(Window window, HistoryBank bank, int row, int ahead, float[] said) {
    int per = bank.shape().slotsPerCoarse();
    int hour = Middle.HOUR.ordinal();
    int week = Middle.WEEK.ordinal();
    said[hour] = window.median48;
    said[week] = window.median48;
    if (day == 0 || day % per != 0) {
      return;
    }
    int coarseDay = day / per;
    long target = Math.floorDiv(bank.newestSlot(row) + ahead, (long) per);
    float sum = 0;
    int n = 0;
    for (int d = 1; d * coarseDay <= bank.shape().coarseSlots(); d++) {
      float mean = bank.coarseAt(row, target - (long) d * coarseDay);
      if (!Float.isNaN(mean)) {
        sum += mean;
        n++;
        said[week] = d == 7 ? mean : said[week];
      }
    }
    said[hour] = n > 0 ? sum / n : window.median48;
  }
}
