package io.drover.scheduler.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.drover.predictor.glitch.GlitchFilter;
import io.drover.predictor.history.Samples;
import org.junit.jupiter.api.Test;

/** Slots of a minute, a sample every five seconds, six in a row make a level. */
class SlotMeansTest {
  private static final int STABLE = 6;

  private static SlotMeans means(double[] values, int slots) {
    long[] times = new long[values.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = 5000L * i;
    }
    return SlotMeans.of(
        Samples.of(times, values),
        GlitchFilter.split(values, 0.2, STABLE),
        STABLE,
        0,
        slots,
        60_000);
  }

  private static double[] flat(int samples, double cores) {
    double[] values = new double[samples];
    java.util.Arrays.fill(values, cores);
    return values;
  }

  private static double[] with(double[] values, int from, int count, double cores) {
    java.util.Arrays.fill(values, from, from + count, cores);
    return values;
  }

  @Test
  void aSlotIsTheMeanOfItsSamples() {
    SlotMeans means = means(with(flat(24, 1), 12, 12, 1.1), 2);
    assertThat(means.clean(0)).isEqualTo(1);
    assertThat(means.clean(1)).isCloseTo(1.1, within(1e-9));
  }

  @Test
  void aGlitchIsLeftOutOfTheCleanMeanAndInTheRawOne() {
    SlotMeans means = means(with(flat(36, 1), 14, 3, 5), 3);
    assertThat(means.clean(1)).isEqualTo(1);
    assertThat(means.raw(1)).isCloseTo(2, within(1e-9));
    assertThat(means.leftOut(1)).isCloseTo(0.25, within(1e-9));
    assertThat(means.leftOut(0)).isZero();
  }

  @Test
  void aSpikeThatMayStillBeAGlitchIsLeftOut() {
    SlotMeans means = means(with(flat(24, 1), 20, 4, 5), 2);
    assertThat(means.clean(1)).isEqualTo(1);
  }

  @Test
  void aNewLevelCounts() {
    SlotMeans means = means(with(flat(24, 1), 16, 8, 4), 2);
    assertThat(means.clean(1)).isCloseTo(3, within(1e-9));
  }

  @Test
  void aSlotWithoutSamplesIsAGapAndOneOfDoubtsAloneIsNot() {
    SlotMeans means = means(with(flat(15, 1), 12, 3, 5), 3);
    assertThat(means.clean(1)).isEqualTo(5);
    assertThat(means.clean(2)).isNaN();
    assertThat(means.has(2)).isTrue();
    assertThat(means.has(3)).isFalse();
  }
}
