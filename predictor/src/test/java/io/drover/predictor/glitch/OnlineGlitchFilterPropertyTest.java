package io.drover.predictor.glitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Replay one seed: {@code -Ddrover.seed=123}. */
class OnlineGlitchFilterPropertyTest {
  private static final int SEEDS = 1500;

  private static LongStream seeds() {
    Long one = Long.getLong("drover.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  /** A random history with thresholds that change while it goes on. */
  private static double[][] history(long seed) {
    Random random = new Random(seed);
    int n = random.nextInt(120);
    double[] values = new double[n];
    double[] thresholds = new double[n];
    double level = random.nextInt(128);
    double threshold = random.nextInt(12) / 64.0;
    for (int i = 0; i < n; i++) {
      level = random.nextInt(14) == 0 ? random.nextInt(128) : level;
      threshold = random.nextInt(9) == 0 ? random.nextInt(12) / 64.0 : threshold;
      double spike = random.nextInt(10) == 0 ? random.nextInt(200) : 0;
      values[i] = (level + random.nextInt(5) + spike) / 64;
      thresholds[i] = threshold;
    }
    return new double[][] {values, thresholds};
  }

  private static Phases batch(double[][] history, int from, int to, int least) {
    double[] values = Arrays.copyOfRange(history[0], from, to);
    double[] thresholds = Arrays.copyOfRange(history[1], from, to);
    double newest = to == from ? 0 : thresholds[thresholds.length - 1];
    return GlitchFilter.split(values, thresholds, newest, least);
  }

  @Test
  void afterEverySampleThePhasesAreThoseOfTheWholeHistory() {
    seeds()
        .forEach(seed -> {
          double[][] history = history(seed);
          int least = 2 + (int) (seed % 5);
          OnlineGlitchFilter online = new OnlineGlitchFilter(least, 1000);
          for (int i = 0; i < history[0].length; i++) {
            online.add(history[0][i], history[1][i]);
            assertThat(online.phases())
                .as("seed %d, sample %d", seed, i)
                .isEqualTo(batch(history, 0, i + 1, least));
          }
        });
  }

  @Test
  void whatIsRetainedIsSplitAsIfItWereAll() {
    long[] forgotten = {0};
    seeds()
        .forEach(seed -> {
          double[][] history = history(seed);
          int least = 2 + (int) (seed % 3);
          OnlineGlitchFilter online = new OnlineGlitchFilter(least, 16);
          for (int i = 0; i < history[0].length; i++) {
            online.add(history[0][i], history[1][i]);
            assertThat(online.phases())
                .as("seed %d, sample %d", seed, i)
                .isEqualTo(batch(history, online.firstRetained(), i + 1, least));
          }
          forgotten[0] += online.firstRetained();
        });
    assertThat(forgotten[0]).as("samples forgotten in all").isPositive();
  }

  @Test
  void aHistoryOfManyPhasesStaysBounded() {
    OnlineGlitchFilter online = new OnlineGlitchFilter(3, 50);
    for (int i = 0; i < 100_000; i++) {
      online.add(i / 10 % 2 == 0 ? 1 : 5, 0.5);
    }
    assertThat(online.samples()).isLessThanOrEqualTo(60);
  }

  @Test
  void theNewestUnstableGroupIsUndecidedUntilItsOtherSideIsSeen() {
    OnlineGlitchFilter online = new OnlineGlitchFilter(3, 100);
    for (double value : new double[] {1, 1, 1, 1, 9, 9}) {
      online.add(value, 0.5);
    }
    assertThat(online.phases().undecided()).isPresent();
    for (double value : new double[] {1, 1, 1}) {
      online.add(value, 0.5);
    }
    assertThat(online.phases().undecided()).isEmpty();
    assertThat(online.phases().glitches()).isEqualTo(1);
    assertThat(online.phases().periods()).hasSize(1);
  }
}
