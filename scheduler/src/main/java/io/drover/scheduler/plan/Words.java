package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.Locale;

/** Numbers and times as explanations show them. */
final class Words {
  private Words() {}

  static String cores(double cores) {
    return String.format(Locale.ROOT, "%.2f cores", cores);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String share(double part, double whole) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part / whole);
  }

  static String time(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (millis < 120_000) {
      return millis / 1000 + " s";
    }
    return millis < 7_200_000 ? millis / 60_000 + " min" : millis / 3_600_000 + " h";
  }

  /** The load of a host beside its capacity and target. */
  static String load(Fleet fleet, int h) {
    return String.format(
        Locale.ROOT,
        "%.2f of %.2f cores (target %.2f)",
        fleet.load(h),
        fleet.capacity(h),
        fleet.target(h));
  }
}
