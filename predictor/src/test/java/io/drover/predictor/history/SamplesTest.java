package io.drover.predictor.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final Samples THREE =
      Samples.of(new long[] {1000, 3000, 5000}, new double[] {0.1, 0.2, 0.3});

  @Test
  void lastKeepsTheNewest() {
    assertThat(THREE.last(2))
        .isEqualTo(Samples.of(new long[] {3000, 5000}, new double[] {0.2, 0.3}));
    assertThat(THREE.last(7)).isSameAs(THREE);
    assertThat(THREE.last(-1)).isEqualTo(Samples.empty());
  }

  @Test
  void arraysAreCopiedOnTheWayInAndOut() {
    double[] values = {0.1, 0.2};
    Samples samples = Samples.of(new long[] {1, 2}, values);
    values[0] = 9;
    samples.values()[1] = 9;
    assertThat(samples.values()).containsExactly(0.1, 0.2);
  }

  @Test
  void aPauseInSamplingDoesNotStretchTheUsualInterval() {
    Samples paused =
        Samples.of(new long[] {0, 2000, 4000, 60_000, 62_000}, new double[] {1, 1, 1, 1, 1});
    assertThat(paused.medianIntervalMillis()).isEqualTo(2000);
    assertThat(Samples.empty().medianIntervalMillis()).isZero();
  }

  @Test
  void refusesWhatIsNoHistoryAndSaysWhy() {
    assertThatThrownBy(() -> Samples.of(new long[] {1, 1}, new double[] {0, 0}))
        .hasMessage("time 1 is 1; accepted: later than 1");
    assertThatThrownBy(() -> Samples.of(new long[] {1}, new double[] {Double.NaN}))
        .hasMessage("value 0 is NaN; accepted: finite and not negative");
    assertThatThrownBy(() -> Samples.of(new long[] {1}, new double[] {}))
        .hasMessage("times and values differ in length: 1 and 0");
  }
}
