package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;
import java.util.Arrays;
import java.util.Random;

/**
 * Keeps the quantiles of sums honest: it follows some random sets of the fleet's series, asks for
 * their sums like any caller, and widens or narrows by how often what came was above.
 *
 * <p>One factor for each class of set size, horizon and quantile: adaptive conformal inference as
 * for single series.
 */
final class SumCalibration {
  /** Sizes of the sets that are followed; a set belongs to the class of the nearest. */
  private static final int[] SIZES = {5, 20, 50};

  private static final int SETS = 8;
  private static final float STEP = 0.01f;
  private static final float BOUND = 2;

  /** Rather too wide than too narrow while little is known. */
  private static final float[] START = {0.05f, 0.1f, 0.2f};

  /** What is aimed at: a little more than what is promised, since the factor is always late. */
  private static final float[] AIM = {0.902f, 0.952f, 0.992f};

  private static final long NEVER = Long.MIN_VALUE;
  private static final int WIDTH = Sums.WIDTH;

  private final int[] ahead;
  private final float[] correction;
  private final int[][] members = new int[SIZES.length * SETS][];
  private final float[][] promised;
  private final long[][] promisedAt;
  private final float[] raw;
  private int drawnFor;

  SumCalibration(int[] ahead) {
    this.ahead = ahead;
    correction = new float[SIZES.length * ahead.length * Window.TAILS];
    for (int i = 0; i < correction.length; i++) {
      correction[i] = START[i % Window.TAILS];
    }
    promised = new float[members.length * ahead.length][];
    promisedAt = new long[members.length * ahead.length][];
    for (int i = 0; i < promised.length; i++) {
      int ring = ahead[i % ahead.length] + 1;
      promised[i] = new float[ring * WIDTH];
      promisedAt[i] = new long[ring];
      Arrays.fill(promisedAt[i], NEVER);
    }
    raw = new float[ahead.length * WIDTH];
  }

  /** Factor on the distance of an upper quantile from the expected sum. */
  float factor(int setSize, int h, int q) {
    return Portfolio.factor(correction[cell(sizeClass(setSize), h) + q]);
  }

  /** Holds the followed sets' forecasts against what came, and makes new ones. */
  void endOfSlot(FleetPredictor fleet, Sums sums, long slot) {
    draw(fleet.size());
    for (int s = 0; s < members.length; s++) {
      int[] set = members[s];
      if (set.length == 0 || !allAt(fleet, set, slot)) {
        continue;
      }
      learn(s, slot, newestSum(fleet, set));
      sums.raw(fleet, set, set.length, raw);
      for (int h = 0; h < ahead.length; h++) {
        int ring = s * ahead.length + h;
        int at = (int) Math.floorMod(slot, (long) promisedAt[ring].length);
        promisedAt[ring][at] = slot;
        System.arraycopy(raw, h * WIDTH, promised[ring], at * WIDTH, WIDTH);
      }
    }
  }

  private void learn(int s, long slot, float came) {
    int size = s / SETS;
    for (int h = 0; h < ahead.length; h++) {
      int ring = s * ahead.length + h;
      int at = (int) Math.floorMod(slot - ahead[h], (long) promisedAt[ring].length);
      if (promisedAt[ring][at] != slot - ahead[h]) {
        continue;
      }
      // Misses of a far horizon come in long runs; a quick step would follow each of them.
      float step = STEP / (float) Math.sqrt(ahead[h]);
      float expected = promised[ring][at * WIDTH];
      for (int q = 0; q < Window.TAILS; q++) {
        float distance = promised[ring][at * WIDTH + 2 + q];
        int cell = cell(size, h) + q;
        boolean missed = came > expected + distance * Portfolio.factor(correction[cell]);
        float level = AIM[q];
        correction[cell] =
            Math.clamp(correction[cell] + step * (missed ? level : level - 1), -BOUND, BOUND);
      }
    }
  }

  /** Draws the sets anew when the fleet has grown by half: always the same for the same sizes. */
  private void draw(int fleetSize) {
    if (members[0] != null && fleetSize < drawnFor + Math.max(1, drawnFor / 2)) {
      return;
    }
    drawnFor = fleetSize;
    Random random = new Random(fleetSize);
    for (int s = 0; s < members.length; s++) {
      int size = SIZES[s / SETS];
      members[s] =
          size <= fleetSize
              ? random.ints(0, fleetSize).distinct().limit(size).toArray()
              : new int[0];
    }
    for (long[] ring : promisedAt) {
      Arrays.fill(ring, NEVER);
    }
  }

  /** True when the newest slot of each of the series is the given one. */
  private static boolean allAt(FleetPredictor fleet, int[] series, long slot) {
    for (int one : series) {
      HistoryBank history = fleet.history(one);
      int row = FleetPredictor.row(one);
      if (history.known(row) == 0 || history.newestSlot(row) != slot) {
        return false;
      }
    }
    return true;
  }

  private static float newestSum(FleetPredictor fleet, int[] series) {
    float sum = 0;
    for (int one : series) {
      HistoryBank history = fleet.history(one);
      int row = FleetPredictor.row(one);
      sum += history.fineAt(row, history.newestSlot(row));
    }
    return sum;
  }

  private int cell(int size, int h) {
    return (size * ahead.length + h) * Window.TAILS;
  }

  private static int sizeClass(int setSize) {
    return setSize <= 10 ? 0 : setSize <= 32 ? 1 : 2;
  }
}
