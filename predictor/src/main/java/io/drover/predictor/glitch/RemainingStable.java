package io.drover.predictor.glitch;

import java.time.Duration;

/**
 * How long the present phase may be expected to last on.
 *
 * <p>Two witnesses are weighed. One is what earlier phases did that got as old as this one: the
 * mean of what they lasted beyond its age. The other, for want of such phases, is that what has
 * lasted for a time usually lasts as long again (the median of a scale-free prior; Gott, Nature
 * 363, 1993), or, for a phase younger than the fleet's usual one, what the fleet's phases last.
 *
 * @param expected from now on; not negative
 * @param confidence share of the answer that rests on earlier phases of this very series, 0 to 1
 */
public record RemainingStable(Duration expected, double confidence) {
  /** How many phases count as much as the prior. */
  private static final int PRIOR_PHASES = 4;

  public RemainingStable {
    if (expected.isNegative()) {
      throw new IllegalArgumentException("expected is " + expected + "; accepted: not negative");
    }
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence is " + confidence + "; accepted: 0 to 1");
    }
  }

  /**
   * Weighs the witnesses.
   *
   * @param lengths of the phases that have ended, in any order
   * @param age of the present one
   * @param usual of the fleet's phases
   * @param longest upper bound of the answer
   */
  public static RemainingStable of(
      Iterable<Duration> lengths, Duration age, Duration usual, Duration longest) {
    double beyond = 0;
    int outlived = 0;
    for (Duration length : lengths) {
      if (length.compareTo(age) > 0) {
        beyond += length.minus(age).toMillis();
        outlived++;
      }
    }
    double prior = Math.max(age.toMillis(), usual.toMillis());
    double share = (double) outlived / (outlived + PRIOR_PHASES);
    double mean = outlived == 0 ? 0 : beyond / outlived;
    long millis = Math.round(share * mean + (1 - share) * prior);
    Duration expected = Duration.ofMillis(Math.clamp(millis, 0, Math.max(0, longest.toMillis())));
    return new RemainingStable(expected, share);
  }
}
