package io.drover.scheduler.forecast;

import io.drover.predictor.fleet.FleetShape;
import java.util.List;
import java.util.Locale;

/**
 * What came of one learned forecast.
 *
 * <p>What came is the demand that was learned of its slot: without glitches, unless they are how
 * the machine works.
 *
 * @param error distance of the middle from what came, in cores
 * @param passed how many of the upper quantiles, from the lowest on, what came was above
 */
public record Verdict(Reach reach, double error, int passed) {
  /** The quantiles that are judged. */
  public static final List<Double> QUANTILES =
      FleetShape.QUANTILES.subList(1, FleetShape.QUANTILES.size());

  /** How far ahead the forecast looked. */
  public enum Reach {
    /** One slot. */
    NEAR,
    /** Sixty slots: with slots of a minute, an hour. */
    FAR;

    /** As a metric's label has it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
