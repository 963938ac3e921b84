package io.drover.predictor.glitch;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast the glitch filters of many series take samples. Run by {@code bench/predictor-speed}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class GlitchBenchmark {
  private static final int NOISE = 1 << 14;

  @Param("20000")
  int filters;

  private final double[] noise = new double[NOISE];
  private OnlineGlitchFilter[] filter = {};
  private int next;
  private int round;

  /** Each filter has seen more than it retains. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    for (int i = 0; i < NOISE; i++) {
      noise[i] = random.nextInt(5) + (random.nextInt(10) == 0 ? 60 : 0);
    }
    filter = new OnlineGlitchFilter[filters];
    for (int i = 0; i < filters; i++) {
      filter[i] = new OnlineGlitchFilter(3, 288);
      for (int t = 0; t < 600; t++) {
        filter[i].add(demand(i, t), 6);
      }
    }
    next = 0;
    round = 600;
  }

  /** Steady levels with spikes, and another level every hundred samples. */
  @Benchmark
  public void sample() {
    filter[next].add(demand(next, round), 6);
    next++;
    if (next == filters) {
      next = 0;
      round++;
    }
  }

  private double demand(int i, int t) {
    return (i + t / 100 * 37) % 90 + noise[(i * 31 + t * 17) & (NOISE - 1)];
  }
}
