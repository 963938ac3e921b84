package io.drover.predictor.fleet;

/** The models that the middle of a forecast is put together from. */
enum Middle {
  LAST("last value", 0.05),
  EWMA_2("mean of the last 2 or so", 0.10),
  MEDIAN_6("median of 6", 0.05),
  MEDIAN_12("median of 12", 0.15),
  MEDIAN_48("median of 48", 0.35),
  MEDIAN_288("median of 288", 0.15),
  DAY("the day before", 0.02),
  DAY_SHIFT("change of the day before", 0.02),
  PERIOD("a period before", 0.02),
  PERIOD_MEDIAN("median of the last periods", 0.05),
  PATTERN("what followed similar patterns", 0.05),
  EWMA_5("mean of the last 5 or so", 0.05),
  HOUR("this hour on other days", 0.02),
  EWMA_20("mean of the last 20 or so", 0.05),
  WEEK("the week before", 0.01),
  TREND("damped trend", 0.01),
  /** The mixture that suits the fleet as a whole; last, since it is made of the others. */
  FLEET("the fleet's mixture", 0);

  static final int COUNT = values().length;
  static final int OWN = COUNT - 1;

  final String label;

  /** Share in the fleet's mixture before anything was learned; in proportion. */
  final double prior;

  Middle(String label, double prior) {
    this.label = label;
    this.prior = prior;
  }
}
