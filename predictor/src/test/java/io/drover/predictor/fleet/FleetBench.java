package io.drover.predictor.fleet;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How fast samples are taken and forecasts made over very many series; not part of the tests. Run
 * it by {@code mvn -pl predictor -am -Dtest=FleetBench -Dsurefire.failIfNoSpecifiedTests=false
 * -DargLine=-Xmx8g test}; how many series by {@code -Ddrover.bench.series}.
 */
class FleetBench {
  private static final int SERIES = Integer.getInteger("drover.bench.series", 200_000);
  private static final int HISTORY = Integer.getInteger("drover.bench.history", 320);
  private static final long STEP = 300_000;
  // CPU time, so that a busy machine does not show in the result.
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final FleetPredictor fleet = new FleetPredictor(FleetShape.cpu());

  @Test
  void samplesAndForecasts() {
    Random random = new Random(1);
    for (int i = 0; i < SERIES; i++) {
      fleet.add();
    }
    for (int t = 0; t < HISTORY; t++) {
      for (int i = 0; i < SERIES; i++) {
        fleet.observe(i, t * STEP, demand(random, i));
      }
    }
    com.sun.management.ThreadMXBean memory = (com.sun.management.ThreadMXBean) CPU;
    for (int round = 0; round < 6; round++) {
      long time = (HISTORY + round) * STEP;
      long observing = 0;
      long forecasting = 0;
      long observed = 0;
      long forecast = 0;
      for (int from = 0; from < SERIES; from += 1000) {
        int to = Math.min(SERIES, from + 1000);
        long bytes = memory.getCurrentThreadAllocatedBytes();
        long began = CPU.getCurrentThreadCpuTime();
        for (int i = from; i < to; i++) {
          fleet.observe(i, time, demand(random, i));
        }
        long middle = CPU.getCurrentThreadCpuTime();
        long between = memory.getCurrentThreadAllocatedBytes();
        for (int i = from; i < to; i++) {
          fleet.forecast(i);
        }
        forecasting += CPU.getCurrentThreadCpuTime() - middle;
        observing += middle - began;
        observed += between - bytes;
        forecast += memory.getCurrentThreadAllocatedBytes() - between;
      }
      System.out.printf(
          "round %d: %,.0f samples/s, %,.0f forecasts/s; bytes allocated each: %.2f and %.2f%n",
          round,
          SERIES * 1e9 / observing,
          SERIES * 1e9 / forecasting,
          (double) observed / SERIES,
          (double) forecast / SERIES);
    }
    System.out.printf(
        "%d series of %d samples, %d bytes each (history %d)%n",
        SERIES, HISTORY, fleet.bytesPerSeries(), fleet.shape().history().bytesPerSeries());
    sums(random);
  }

  private void sums(Random random) {
    int[] set = new int[20];
    float[] out = new float[fleet.shape().horizons().size() * FleetShape.QUANTILES.size()];
    int sets = 5000;
    long began = CPU.getCurrentThreadCpuTime();
    float keep = 0;
    for (int s = 0; s < sets; s++) {
      for (int i = 0; i < set.length; i++) {
        set[i] = random.nextInt(SERIES);
      }
      fleet.sum(set, set.length, out);
      keep += out[1];
    }
    System.out.printf(
        "%,.0f sums of 20 series/s (%.0f)%n",
        sets * 1e9 / (CPU.getCurrentThreadCpuTime() - began), keep / sets);
  }

  private static double demand(Random random, int series) {
    return series % 100 + random.nextInt(20) + (random.nextInt(50) == 0 ? 60 : 0);
  }
}
