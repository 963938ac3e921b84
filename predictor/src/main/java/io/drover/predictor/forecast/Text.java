package io.drover.predictor.forecast;

import java.time.Duration;
import java.util.Locale;

/** Numbers and times as a sentence shows them. */
final class Text {
  private Text() {}

  static String cores(double cores) {
    return String.format(Locale.ROOT, "%.2f cores", cores);
  }

  static String time(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds / 3600 + " h";
  }
}
