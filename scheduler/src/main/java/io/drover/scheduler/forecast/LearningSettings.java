package io.drover.scheduler.forecast;

import io.drover.predictor.fleet.FleetShape;
import io.drover.predictor.history.HistoryShape;
import java.time.Duration;
import java.util.List;

/**
 * How demand is learned over hours.
 *
 * @param interval width of a slot, over which samples are averaged: 1 s to 1 h
 * @param leastSlots how many slots of a machine must have been seen before what was learned counts
 *     at all, 6 to 10000; it counts in full from twice as many on
 */
public record LearningSettings(Duration interval, int leastSlots) {
  public static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
  public static final Duration MOST_INTERVAL = Duration.ofHours(1);
  public static final int FEWEST_SLOTS = 6;
  public static final int MOST_SLOTS = 10_000;

  /** In slots: with slots of a minute from one minute to four hours. */
  private static final List<Integer> HORIZONS = List.of(1, 5, 15, 60, 240);

  private static final int FINE_SLOTS = 576;
  private static final int COARSE_SLOTS = 336;
  private static final Duration COARSE = Duration.ofHours(1);

  public LearningSettings {
    if (interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(MOST_INTERVAL) > 0) {
      throw new IllegalArgumentException("interval is " + interval + "; accepted: 1 s to 1 h");
    }
    if (leastSlots < FEWEST_SLOTS || leastSlots > MOST_SLOTS) {
      throw new IllegalArgumentException("leastSlots is " + leastSlots + "; accepted: 6 to 10000");
    }
  }

  /** What a production cluster uses. */
  public static LearningSettings production() {
    return new LearningSettings(Duration.ofMinutes(1), 60);
  }

  /** What is kept of a machine: 576 slots, and two weeks by the hour where slots allow. */
  FleetShape shape() {
    int perCoarse = Math.clamp(COARSE.toMillis() / interval.toMillis(), 2, 1000);
    return new FleetShape(
        new HistoryShape(interval, FINE_SLOTS, perCoarse, COARSE_SLOTS), HORIZONS);
  }

  /** How long after a slot's end its samples may still come. */
  Duration lateness() {
    return interval.dividedBy(6);
  }

  /** How far a number of slots is enough to go by, 0 to 1. */
  double trust(int slots) {
    return Math.clamp((slots - leastSlots) / (double) leastSlots, 0.0, 1.0);
  }
}
