package io.drover.predictor.history;

import java.time.Duration;

/**
 * How much of the past a history keeps.
 *
 * @param interval width of a fine slot; samples of one slot are averaged
 * @param fineSlots how many fine slots are kept, 64 to 4096
 * @param slotsPerCoarse how many fine slots make a coarse one, 2 to 1000
 * @param coarseSlots how many coarse slots are kept, 2 to 4096
 */
public record HistoryShape(Duration interval, int fineSlots, int slotsPerCoarse, int coarseSlots) {
  public HistoryShape {
    require(
        !interval.isNegative() && interval.toMillis() > 0, "interval", interval, "at least 1 ms");
    require(fineSlots >= 64 && fineSlots <= 4096, "fineSlots", fineSlots, "64 to 4096");
    require(
        slotsPerCoarse >= 2 && slotsPerCoarse <= 1000,
        "slotsPerCoarse",
        slotsPerCoarse,
        "2 to 1000");
    require(coarseSlots >= 2 && coarseSlots <= 4096, "coarseSlots", coarseSlots, "2 to 4096");
  }

  /** Two days of fine and two weeks of coarse slots: under 2 KiB a series with 5-minute slots. */
  public static HistoryShape cpu(Duration interval) {
    return new HistoryShape(interval, 576, 12, 336);
  }

  /**
   * A day of fine and a week of coarse slots: under 1 KiB a series, for memory, disk and network.
   */
  public static HistoryShape other(Duration interval) {
    return new HistoryShape(interval, 300, 12, 168);
  }

  /** Bytes that one series takes. */
  public int bytesPerSeries() {
    return 2 * (fineSlots + coarseSlots) + HistoryBank.SCALAR_BYTES;
  }

  long slotOf(long epochMillis) {
    return Math.floorDiv(epochMillis, interval.toMillis());
  }

  private static void require(boolean holds, String field, Object value, String accepted) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + "; accepted: " + accepted);
    }
  }
}
