package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;
import io.drover.predictor.history.HistoryShape;

/** What each model of the portfolio says about one horizon of one series. */
final class Experts {
  private static final int AROUND = 1;
  private static final int DAYS_OF_WEEK = 7;
  private static final float LOG_DAMPING = (float) Math.log(0.9);

  private final int day;
  private final Patterns patterns;
  private final float[] sameHour;
  private float followedBy;
  private boolean followed;
  private float dayHigh;
  private float hourHigh;

  Experts(int day, HistoryShape shape, Patterns patterns) {
    this.day = day;
    this.patterns = patterns;
    sameHour = new float[shape.coarseSlots()];
  }

  /** Fills in the middle models but the fleet's mixture; all are finite and not negative. */
  void middle(Window window, HistoryBank bank, int row, int ahead, int period, float[] said) {
    said[Middle.LAST.at] = window.last;
    said[Middle.EWMA_2.at] = window.ewma2;
    said[Middle.EWMA_5.at] = window.ewma5;
    said[Middle.EWMA_20.at] = window.ewma20;
    said[Middle.MEDIAN_6.at] = window.median6;
    said[Middle.MEDIAN_12.at] = window.median12;
    said[Middle.MEDIAN_48.at] = window.median48;
    said[Middle.MEDIAN_288.at] = window.median288;
    said[Middle.TREND.at] = trend(window, ahead);
    followed = patterns.follow(window.values, window.count, ahead);
    followedBy = patterns.highest;
    said[Middle.PATTERN.at] = followed ? patterns.middle : window.median12;
    days(window, ahead, said);
    periods(window, ahead, period, said);
    hours(window, bank, row, ahead, said);
    dayHigh = highestAboutThatTime(window, ahead);
  }

  /** The same for one upper quantile at the horizon that {@link #middle} was asked for last. */
  void tail(Window window, int q, float middle, float error, float spread, float[] said, int at) {
    said[at + Tail.RECENT_48.at] = window.tail48[q];
    said[at + Tail.RECENT_288.at] = window.tail288[q];
    said[at + Tail.KEPT.at] = window.tailKept[q];
    said[at + Tail.SPREAD.at] = middle + error * spread;
    said[at + Tail.MAX_12.at] = window.max12;
    said[at + Tail.DAY.at] = dayHigh < 0 ? window.tail288[q] : Math.max(middle, dayHigh);
    said[at + Tail.HOUR.at] = Math.max(middle, hourHigh) + FleetPrior.NORMAL[q] * error;
    said[at + Tail.PATTERN.at] = followed ? Math.max(middle, followedBy) : window.max12;
  }

  /** The slope of the newest 12, going on ever more slowly: by nine tenths from step to step. */
  private static float trend(Window window, int ahead) {
    float reach = 2.5f + 9 * (1 - Portfolio.exp(ahead * LOG_DAMPING));
    return Math.max(0, window.mean6 + window.slope * reach);
  }

  private void days(Window window, int ahead, float[] said) {
    int back = day - ahead;
    if (day == 0 || back < 0 || window.count < day + 2) {
      said[Middle.DAY.at] = window.median48;
      said[Middle.DAY_SHIFT.at] = window.median12;
      return;
    }
    said[Middle.DAY.at] = window.back(back);
    float change = smooth(window, back) - smooth(window, day);
    said[Middle.DAY_SHIFT.at] = Math.max(0, window.last + change);
  }

  /**
   * Highest at and next to the time that is forecast, on the days that are kept; -1 when none is.
   */
  private float highestAboutThatTime(Window window, int ahead) {
    float highest = -1;
    for (int back = day - ahead; back + AROUND < window.count && day > 0; back += day) {
      for (int i = Math.max(0, back - AROUND); i <= back + AROUND; i++) {
        highest = Math.max(highest, window.back(i));
      }
    }
    return highest;
  }

  private static float smooth(Window window, int back) {
    if (back < 1) {
      return window.last;
    }
    return (window.back(back - 1) + 2 * window.back(back) + window.back(back + 1)) / 4;
  }

  private static void periods(Window window, int ahead, int period, float[] said) {
    if (period == 0) {
      said[Middle.PERIOD.at] = window.median12;
      said[Middle.PERIOD_MEDIAN.at] = window.median12;
      return;
    }
    int back = (ahead + period - 1) / period * period - ahead;
    if (back >= window.count) {
      said[Middle.PERIOD.at] = window.median12;
      said[Middle.PERIOD_MEDIAN.at] = window.median12;
      return;
    }
    said[Middle.PERIOD.at] = window.back(back);
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
    said[Middle.PERIOD_MEDIAN.at] = n > 2 ? Math.max(0, sum - least - most) / (n - 2) : sum / n;
  }

  private void hours(Window window, HistoryBank bank, int row, int ahead, float[] said) {
    int per = bank.shape().slotsPerCoarse();
    int hour = Middle.HOUR.at;
    int week = Middle.WEEK.at;
    said[hour] = window.median48;
    said[week] = window.median48;
    hourHigh = 0;
    if (day == 0 || day % per != 0) {
      return;
    }
    int coarseDay = day / per;
    long target = Math.floorDiv(bank.newestSlot(row) + ahead, (long) per);
    int days = Math.min(bank.shape().coarseSlots(), bank.coarseSpan(row)) / coarseDay;
    bank.readCoarse(row, target - coarseDay, coarseDay, days, sameHour);
    float sum = 0;
    int n = 0;
    for (int d = 0; d < days; d++) {
      float mean = sameHour[d];
      if (!Float.isNaN(mean)) {
        sum += mean;
        n++;
        hourHigh = Math.max(hourHigh, mean);
        said[week] = d == DAYS_OF_WEEK - 1 ? mean : said[week];
      }
    }
    said[hour] = n > 0 ? sum / n : window.median48;
  }
}
