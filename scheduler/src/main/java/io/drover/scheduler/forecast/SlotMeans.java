package io.drover.scheduler.forecast;

import io.drover.predictor.glitch.Phases;
import io.drover.predictor.glitch.UnstableGroup;
import io.drover.predictor.history.Samples;

/**
 * Means of a stretch of slots, as demand came and without what was a glitch.
 *
 * <p>Left out are the samples of decided glitches, and the newest ones while they are too few to
 * tell a glitch from a new level. Where a slot has nothing else, all of it counts: a doubt is no
 * reason for a gap.
 */
final class SlotMeans {
  private final long firstSlot;
  private final double threshold;
  private final double[] clean;
  private final double[] raw;
  private final double[] leftOut;

  private SlotMeans(long firstSlot, int slots, double threshold) {
    this.firstSlot = firstSlot;
    this.threshold = threshold;
    clean = new double[slots];
    raw = new double[slots];
    leftOut = new double[slots];
  }

  static SlotMeans none() {
    return new SlotMeans(0, 0, 0);
  }

  /**
   * Averages.
   *
   * @param phases of these samples
   * @param leastStable samples in a row that make a level
   * @param slots how many from the first on; samples elsewhere only tell what is a glitch
   */
  static SlotMeans of(
      Samples samples,
      Phases phases,
      int leastStable,
      long firstSlot,
      int slots,
      long intervalMillis) {
    SlotMeans means = new SlotMeans(firstSlot, slots, phases.threshold());
    boolean[] doubtful = doubtful(samples.size(), phases, leastStable);
    int[] all = new int[slots];
    int[] kept = new int[slots];
    for (int i = 0; i < samples.size(); i++) {
      long at = Math.floorDiv(samples.epochMillisAt(i), intervalMillis) - firstSlot;
      if (at >= 0 && at < slots) {
        int slot = (int) at;
        all[slot]++;
        means.raw[slot] += samples.valueAt(i);
        if (!doubtful[i]) {
          kept[slot]++;
          means.clean[slot] += samples.valueAt(i);
        }
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      means.raw[slot] = all[slot] == 0 ? Double.NaN : means.raw[slot] / all[slot];
      means.clean[slot] = kept[slot] == 0 ? means.raw[slot] : means.clean[slot] / kept[slot];
      means.leftOut[slot] = all[slot] == 0 ? 0 : 1 - kept[slot] / (double) all[slot];
    }
    return means;
  }

  private static boolean[] doubtful(int samples, Phases phases, int leastStable) {
    boolean[] doubtful = new boolean[samples];
    for (UnstableGroup group : phases.groups()) {
      boolean doubt =
          switch (group.verdict()) {
            case GLITCH -> true;
            // As many as make a level are a change or a ramp, not a spike.
            case UNDECIDED -> group.span().length() < leastStable && group.span().from() > 0;
            case PHASE_CHANGE, LEADING -> false;
          };
      for (int i = group.span().from(); doubt && i < group.span().to(); i++) {
        doubtful[i] = true;
      }
    }
    return doubtful;
  }

  /** How far samples of one phase may lie from its level, in cores. */
  double threshold() {
    return threshold;
  }

  boolean has(long slot) {
    return slot >= firstSlot && slot < firstSlot + clean.length;
  }

  /** In cores; NaN for a gap. */
  double raw(long slot) {
    return raw[(int) (slot - firstSlot)];
  }

  /** In cores; NaN for a gap. */
  double clean(long slot) {
    return clean[(int) (slot - firstSlot)];
  }

  /** Share of the slot's samples that are doubtful, 0 to 1. */
  double leftOut(long slot) {
    return leftOut[(int) (slot - firstSlot)];
  }
}
