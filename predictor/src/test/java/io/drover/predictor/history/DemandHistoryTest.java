package io.drover.predictor.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DemandHistoryTest {
  @Test
  void keepsTheNewestSamplesWhenFull() {
    DemandHistory history = new DemandHistory(3);
    for (int i = 1; i <= 5; i++) {
      assertThat(history.add(i, i / 10.0)).isTrue();
    }
    assertThat(history.size()).isEqualTo(3);
    assertThat(history.snapshot())
        .isEqualTo(Samples.of(new long[] {3, 4, 5}, new double[] {0.3, 0.4, 0.5}));
  }

  @Test
  void refusesAndCountsWhatIsNoDemand() {
    DemandHistory history = new DemandHistory(8);
    assertThat(history.add(10, 0.5)).isTrue();
    assertThat(history.add(11, Double.NaN)).isFalse();
    assertThat(history.add(11, Double.POSITIVE_INFINITY)).isFalse();
    assertThat(history.add(11, -0.1)).isFalse();
    assertThat(history.refused()).isEqualTo(3);
    assertThat(history.size()).isEqualTo(1);
  }

  @Test
  void refusesSamplesThatAreNotLaterThanTheNewest() {
    DemandHistory history = new DemandHistory(8);
    history.add(10, 0.5);
    assertThat(history.add(10, 0.6)).isFalse();
    assertThat(history.add(9, 0.6)).isFalse();
    assertThat(history.add(11, 0.6)).isTrue();
    assertThat(history.refused()).isEqualTo(2);
  }

  @Test
  void snapshotsDoNotChangeWithTheHistory() {
    DemandHistory history = new DemandHistory(2);
    history.add(1, 0.1);
    Samples before = history.snapshot();
    history.add(2, 0.2);
    history.add(3, 0.3);
    assertThat(before).isEqualTo(Samples.of(new long[] {1}, new double[] {0.1}));
  }

  @Test
  void behavesLikeAListOfTheLastSamples() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int capacity = 2 + random.nextInt(20);
      DemandHistory history = new DemandHistory(capacity);
      List<Long> times = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      long at = 0;
      for (int i = 0; i < 100; i++) {
        at += random.nextInt(4) - 1;
        double value = random.nextInt(20) == 0 ? Double.NaN : random.nextDouble() - 0.05;
        boolean expected = value >= 0 && (times.isEmpty() || at > times.getLast());
        assertThat(history.add(at, value)).as("seed %d, sample %d", seed, i).isEqualTo(expected);
        if (expected) {
          times.add(at);
          values.add(value);
        }
      }
      int from = Math.max(0, times.size() - capacity);
      Samples last =
          Samples.of(
              times.subList(from, times.size()).stream().mapToLong(t -> t).toArray(),
              values.subList(from, values.size()).stream().mapToDouble(v -> v).toArray());
      assertThat(history.snapshot()).as("seed %d", seed).isEqualTo(last);
      assertThat(history.refused()).isEqualTo(100 - times.size());
    }
  }

  @Test
  void aHistoryOfOneSampleIsRefused() {
    assertThatThrownBy(() -> new DemandHistory(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity is 1; accepted: at least 2");
  }
}
