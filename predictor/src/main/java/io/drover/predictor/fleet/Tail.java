package io.drover.predictor.fleet;

/** The models that the upper quantiles of a forecast are put together from. */
enum Tail {
  RECENT_48("quantile of the last 48"),
  RECENT_288("quantile of the last 288"),
  KEPT("quantile of all that is kept"),
  SPREAD("the middle and its usual error"),
  PATTERN("the highest that followed similar patterns"),
  MAX_12("highest of the last 12"),
  /** The mixture that suits the fleet as a whole; last, since it is made of the others. */
  FLEET("the fleet's mixture");

  static final int COUNT = values().length;
  static final int OWN = COUNT - 1;

  final String label;

  Tail(String label) {
    this.label = label;
  }
}
