package io.drover.scheduler.forecast;

/**
 * Whether the demand of one machine has left what was learned of it.
 *
 * <p>A slot that lies far outside of the range that was forecast for it is a surprise. The
 * predictor then widens the range at once but moves its middle over many slots, so that the range
 * holds the new level again long before it is any good. So what was learned does not count from a
 * surprise on, until the middle has come to where demand is, also that of some slots ahead, or
 * demand is back in the range of before.
 */
final class Surprise {
  /** So many times farther from the middle than nine in ten are. */
  private static final double FAR = 2;

  /** Share of the threshold, which is for single samples, that the mean of a slot may be off by. */
  private static final double NEAR = 0.25;

  private boolean lasts;
  private double middleBefore;
  private double reachBefore;

  void forget() {
    lasts = false;
  }

  /** True from a surprise on until it is over. */
  boolean lasts() {
    return lasts;
  }

  /**
   * A slot has closed.
   *
   * @param came its demand in cores
   * @param middle of the forecast that was made for it
   * @param ninety what should not be passed nine times in ten, likewise
   * @param ahead the middle that is forecast for some slots later
   * @param threshold how far samples of one phase may lie from its level
   */
  void closed(double came, double middle, double ninety, double ahead, double threshold) {
    double reach = FAR * (ninety - middle) + threshold / 2;
    if (lasts) {
      double off = Math.max(Math.abs(came - middle), Math.abs(came - ahead));
      lasts = off > NEAR * threshold && Math.abs(came - middleBefore) > reachBefore;
    } else if (Math.abs(came - middle) > reach) {
      lasts = true;
      middleBefore = middle;
      reachBefore = reach;
    }
  }
}
