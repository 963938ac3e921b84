package io.drover.predictor.fleet;

/** The models that the middle of a forecast is put together from. */
enum Middle {
  LAST(0, "last value", 0.05),
  EWMA_2(1, "mean of the last 2 or so", 0.10),
  MEDIAN_6(2, "median of 6", 0.05),
  MEDIAN_12(3, "median of 12", 0.15),
  MEDIAN_48(4, "median of 48", 0.35),
  MEDIAN_288(5, "median of 288", 0.15),
  DAY(6, "the day before", 0.02),
  DAY_SHIFT(7, "change of the day before", 0.02),
  PERIOD(8, "a period before", 0.02),
  PERIOD_MEDIAN(9, "median of the last periods", 0.05),
  PATTERN(10, "what followed similar patterns", 0.05),
  EWMA_5(11, "mean of the last 5 or so", 0.05),
  HOUR(12, "this hour on other days", 0.02),
  EWMA_20(13, "mean of the last 20 or so", 0.05),
  WEEK(14, "the week before", 0.01),
  TREND(15, "damped trend", 0.01),
  /** The mixture that suits the fleet as a whole; last, since it is made of the others. */
  FLEET(16, "the fleet's mixture", 0);

  static final int COUNT = values().length;
  static final int OWN = COUNT - 1;

  /** Place in arrays of what the models say. */
  final int at;

  final String label;

  /** Share in the fleet's mixture before anything was learned; in proportion. */
  final double prior;

  Middle(int at, String label, double prior) {
    this.at = at;
    this.label = label;
    this.prior = prior;
  }
}
