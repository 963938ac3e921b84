package io.drover.predictor.fleet;

/** The models that the upper quantiles of a forecast are put together from. */
enum Tail {
  RECENT_48(0, "quantile of the last 48"),
  RECENT_288(1, "quantile of the last 288"),
  KEPT(2, "quantile of all that is kept"),
  SPREAD(3, "the middle and its usual error"),
  PATTERN(4, "the highest that followed similar patterns"),
  MAX_12(5, "highest of the last 12"),
  DAY(6, "highest at this time of the days before"),
  HOUR(7, "highest hour at this time of the days before, and the usual error"),
  /** The mixture that suits the fleet as a whole; last, since it is made of the others. */
  FLEET(8, "the fleet's mixture");

  static final int COUNT = values().length;
  static final int OWN = COUNT - 1;

  /** Place in arrays of what the models say. */
  final int at;

  final String label;

  Tail(int at, String label) {
    this.at = at;
    this.label = label;
  }
}
