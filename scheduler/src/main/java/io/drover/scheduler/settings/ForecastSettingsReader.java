package io.drover.scheduler.settings;

import io.drover.config.ConfigReader;
import io.drover.predictor.forecast.ForecastSettings;
import java.time.Duration;

/** Reads how histories are turned into forecasts. */
final class ForecastSettingsReader {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration INSTANT = Duration.ofMillis(100);

  private ForecastSettingsReader() {}

  static ForecastSettings read(ConfigReader r) {
    int history = r.integer("history-samples", 16, 1_000_000);
    int stable = r.integer("min-stable-samples", 2, 1000);
    if (stable > history / 2) {
      r.reject("min-stable-samples", "at most half of history-samples");
      stable = history / 2;
    }
    return new ForecastSettings(
        history,
        stable,
        r.number("threshold-cores", 0.001, 1024),
        r.number("threshold-share", 0, 1),
        r.number("threshold-noise", 0, 20),
        r.duration("trend-window", INSTANT, DAY),
        r.duration("trend-reach", INSTANT, DAY),
        r.duration("longest-remaining", INSTANT, DAY));
  }
}
