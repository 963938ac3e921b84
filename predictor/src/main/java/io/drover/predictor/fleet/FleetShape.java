package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryShape;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link FleetPredictor} keeps and looks ahead to.
 *
 * @param history what is kept of each series
 * @param horizons how far ahead forecasts are made, in intervals: rising, the first 1; other
 *     horizons are read by interpolation
 */
public record FleetShape(HistoryShape history, List<Integer> horizons) {
  /** The quantiles forecast; the first is the middle. */
  public static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.95, 0.99);

  private static final int MOST_HORIZONS = 16;

  public FleetShape {
    horizons = List.copyOf(horizons);
    if (horizons.isEmpty() || horizons.size() > MOST_HORIZONS || horizons.getFirst() < 1) {
      throw new IllegalArgumentException(
          "horizons is " + horizons + "; accepted: 1 to 16 rising numbers, the first at least 1");
    }
    for (int h = 1; h < horizons.size(); h++) {
      if (horizons.get(h) <= horizons.get(h - 1)) {
        throw new IllegalArgumentException(
            "horizons is " + horizons + "; accepted: rising numbers");
      }
    }
  }

  /** CPU by intervals of five minutes: from one interval to a day. */
  public static FleetShape cpu() {
    return new FleetShape(HistoryShape.cpu(Duration.ofMinutes(5)), List.of(1, 3, 12, 72, 288));
  }

  /** Memory, disk or network by intervals of five minutes. */
  public static FleetShape other() {
    return new FleetShape(HistoryShape.other(Duration.ofMinutes(5)), List.of(1, 3, 12, 72, 288));
  }

  int[] horizonArray() {
    return horizons.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Slots in a day; 0 when the interval does not divide a day into whole slots. */
  int day() {
    long millis = history.interval().toMillis();
    return 86_400_000 % millis == 0 && 86_400_000 / millis <= Integer.MAX_VALUE
        ? (int) (86_400_000 / millis)
        : 0;
  }
}
