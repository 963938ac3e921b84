package io.drover.predictor.fleet;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast samples are taken and forecasts made over very many different series: one that is asked
 * again and again would stay in the cache and prove nothing. Run by {@code bench/predictor-speed}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 5, time = 10)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class FleetBenchmark {
  /**
   * Series from one look at the clock to the next: few, so that samples and forecasts alternate.
   */
  static final int STRETCH = 64;

  private static final int NOISE = 1 << 14;
  private static final long STEP_MILLIS = 300_000;
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Param("200000")
  int series;

  /** Two days and a little, so that the window that is looked at is full. */
  @Param("600")
  int history;

  private final double[] noise = new double[NOISE];
  private final int[] set = new int[20];
  private FleetPredictor fleet = new FleetPredictor(FleetShape.cpu());
  private float[] out = {};
  private int next;
  private long round;

  /** Processor time of the two halves, which a busy machine does not stretch as it does a clock. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Spent {
    /** Samples taken, and forecasts made. */
    public long pairs;

    /** Nanoseconds spent on taking samples. */
    public long sampling;

    /** Nanoseconds spent on forecasts. */
    public long forecasting;

    /** What was counted in the iteration before is of no use in the next. */
    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void reset() {
      pairs = 0;
      sampling = 0;
      forecasting = 0;
    }
  }

  /** Fills the histories series by series, which is quicker than slot by slot. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    for (int i = 0; i < NOISE; i++) {
      noise[i] = random.nextInt(20) + (random.nextInt(50) == 0 ? 60 : 0);
    }
    fleet = new FleetPredictor(FleetShape.cpu());
    out = new float[fleet.shape().horizons().size() * FleetShape.QUANTILES.size()];
    for (int i = 0; i < series; i++) {
      fleet.add();
      for (int t = 0; t < history; t++) {
        fleet.observe(i, t * STEP_MILLIS, demand(i, t));
      }
    }
    next = 0;
    round = history;
  }

  /** A sample of each of the next series, and a forecast of each. */
  @Benchmark
  @OperationsPerInvocation(STRETCH)
  public void sampleAndForecast(Spent spent) {
    if (next + STRETCH > series) {
      next = 0;
      round++;
    }
    int end = next + STRETCH;
    long began = CLOCK.getCurrentThreadCpuTime();
    for (int i = next; i < end; i++) {
      fleet.observe(i, round * STEP_MILLIS, demand(i, round));
    }
    long between = CLOCK.getCurrentThreadCpuTime();
    for (int i = next; i < end; i++) {
      fleet.forecast(i);
    }
    spent.forecasting += CLOCK.getCurrentThreadCpuTime() - between;
    spent.sampling += between - began;
    spent.pairs += STRETCH;
    next = end;
  }

  /** The quantiles of what 20 series need together. */
  @Benchmark
  public float[] sumOfTwenty() {
    for (int i = 0; i < set.length; i++) {
      next = (next + 9973) % series;
      set[i] = next;
    }
    fleet.sum(set, set.length, out);
    return out;
  }

  private double demand(int i, long t) {
    return i % 100 + noise[(int) (i * 31L + t * 17) & (NOISE - 1)];
  }
}
