package io.drover.predictor.forecast;

import java.time.Duration;

/**
 * How histories are read.
 *
 * @param historySamples how many samples a history keeps
 * @param minStableSamples how many samples in a row make a level; a shorter spike is a glitch
 * @param thresholdCores least variation threshold, whatever the level
 * @param thresholdShare variation threshold as a share of the usual level
 * @param thresholdNoise variation threshold as a multiple of the noise between neighbours
 * @param trendWindow how long demand must have risen to count as a ramp
 * @param trendReach how far ahead a ramp is followed at most
 * @param longestRemaining upper bound of the expected remaining time of a phase
 */
public record ForecastSettings(
    int historySamples,
    int minStableSamples,
    double thresholdCores,
    double thresholdShare,
    double thresholdNoise,
    Duration trendWindow,
    Duration trendReach,
    Duration longestRemaining) {
  public ForecastSettings {
    require(
        historySamples >= 16 && historySamples <= 1_000_000,
        "historySamples",
        historySamples,
        "16 to 1000000");
    require(
        minStableSamples >= 2 && minStableSamples <= historySamples / 2,
        "minStableSamples",
        minStableSamples,
        "2 to half of historySamples");
    require(
        thresholdCores > 0 && thresholdCores <= 1024,
        "thresholdCores",
        thresholdCores,
        "above 0, to 1024");
    require(thresholdShare >= 0 && thresholdShare <= 1, "thresholdShare", thresholdShare, "0 to 1");
    require(
        thresholdNoise >= 0 && thresholdNoise <= 20, "thresholdNoise", thresholdNoise, "0 to 20");
    require(trendWindow.isPositive(), "trendWindow", trendWindow, "above zero");
    require(trendReach.isPositive(), "trendReach", trendReach, "above zero");
    require(longestRemaining.isPositive(), "longestRemaining", longestRemaining, "above zero");
  }

  /** What a production cluster with a sample every 5 seconds uses. */
  public static ForecastSettings production() {
    return new ForecastSettings(
        4320, 6, 0.05, 0.2, 4, Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(8));
  }

  private static void require(boolean holds, String field, Object value, String accepted) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + "; accepted: " + accepted);
    }
  }
}
