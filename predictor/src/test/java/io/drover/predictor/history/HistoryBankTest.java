package io.drover.predictor.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistoryBankTest {
  private static final long STEP = 300_000;
  private static final HistoryShape SHAPE = new HistoryShape(Duration.ofMillis(STEP), 64, 4, 16);
  private static final Percentage HALF_FLOAT = Percentage.withPercentage(0.06);

  private final HistoryBank bank = new HistoryBank(SHAPE, 3);

  private void add(double... values) {
    for (double value : values) {
      bank.add(1, (bank.known(1) == 0 ? 0 : bank.newestSlot(1) + 1) * STEP, value);
    }
  }

  private List<Float> read(int most) {
    float[] into = new float[SHAPE.fineSlots()];
    int count = bank.read(1, most, into);
    List<Float> list = new ArrayList<>();
    for (float value : Arrays.copyOf(into, count)) {
      list.add(value);
    }
    return list;
  }

  @Test
  void theDefaultsKeepWithinTheirSizes() {
    assertThat(HistoryShape.cpu(Duration.ofMinutes(5)).bytesPerSeries()).isLessThanOrEqualTo(2048);
    assertThat(HistoryShape.other(Duration.ofMinutes(5)).bytesPerSeries())
        .isLessThanOrEqualTo(1024);
  }

  @Test
  void samplesAreReadBackOldestFirst() {
    add(1, 2, 4);

    assertThat(read(64)).containsExactly(1f, 2f, 4f);
    assertThat(read(2)).containsExactly(2f, 4f);
  }

  @Test
  void neighbourSeriesDoNotMix() {
    add(7);

    assertThat(bank.known(0)).isZero();
    assertThat(bank.known(2)).isZero();
    assertThat(bank.read(0, 64, new float[64])).isZero();
  }

  @Test
  void aFullRingForgetsTheOldest() {
    for (int i = 0; i < 200; i++) {
      add(i);
    }

    assertThat(read(64)).hasSize(64).startsWith(136f).endsWith(199f);
  }

  @Test
  void samplesOfOneSlotAreAveraged() {
    assertThat(bank.add(1, 10, 2)).isEqualTo(Taken.NEW_SLOT);
    assertThat(bank.add(1, 20, 4)).isEqualTo(Taken.SAME_SLOT);

    assertThat(read(64)).containsExactly(3f);
    assertThat(bank.known(1)).isEqualTo(1);
  }

  @Test
  void aGapIsKeptAsOneAndReadAsTheValueBefore() {
    bank.add(1, 0, 5);
    bank.add(1, 3 * STEP, 8);

    assertThat(bank.fineAt(1, 1)).isNaN();
    assertThat(read(64)).containsExactly(5f, 5f, 5f, 8f);
  }

  @Test
  void afterAPauseLongerThanTheRingNothingOldIsLeft() {
    add(5, 6, 7);
    bank.add(1, 1_000 * STEP, 1);

    assertThat(read(64)).containsExactly(1f);
  }

  @Test
  void whatIsNoDemandIsLeftOutAndCounted() {
    add(3);
    for (double odd :
        new double[] {
          Double.NaN, -1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -Double.MIN_VALUE
        }) {
      assertThat(bank.add(1, 5 * STEP, odd)).isEqualTo(Taken.NOT_A_DEMAND);
    }

    assertThat(read(64)).containsExactly(3f);
    assertThat(bank.refused(1)).isEqualTo(5);
  }

  @Test
  void repeatedAndOlderSamplesAreLeftOutAndCounted() {
    bank.add(1, 9 * STEP, 3);

    assertThat(bank.add(1, 9 * STEP, 4)).isEqualTo(Taken.NOT_NEWER);
    assertThat(bank.add(1, 9 * STEP - 1, 4)).isEqualTo(Taken.NOT_NEWER);
    assertThat(bank.add(1, 2 * STEP, 4)).isEqualTo(Taken.NOT_NEWER);
    assertThat(read(64)).containsExactly(3f);
    assertThat(bank.refused(1)).isEqualTo(3);
  }

  @Test
  void aClockThatWasSetBackIsFollowedAfterThreeSamples() {
    for (int i = 0; i < 20; i++) {
      bank.add(1, i * STEP, i);
    }
    bank.add(1, 30 * STEP, 99);

    assertThat(bank.add(1, 10 * STEP, 1)).isEqualTo(Taken.NOT_NEWER);
    assertThat(bank.add(1, 11 * STEP, 1)).isEqualTo(Taken.NOT_NEWER);
    assertThat(bank.add(1, 12 * STEP, 50)).isEqualTo(Taken.NEW_SLOT);
    assertThat(bank.newestSlot(1)).isEqualTo(12);
    assertThat(read(3)).containsExactly(10f, 11f, 50f);
  }

  @Test
  void stragglersThatDoNotRiseAreNoNewClock() {
    bank.add(1, 30 * STEP, 1);
    for (long slot : new long[] {9, 8, 7, 6, 5}) {
      assertThat(bank.add(1, slot * STEP, 1)).isEqualTo(Taken.NOT_NEWER);
    }
  }

  @Test
  void oneMadSampleLeavesTheOthersTheirDigits() {
    add(0.5, 0.25, 1e28, 0.75);

    assertThat(read(64).get(0)).isEqualTo(0.5f);
    assertThat(read(64).get(2)).isLessThan(1e6f);
    assertThat(read(64).get(3)).isEqualTo(0.75f);
  }

  @Test
  void aLastingRiseBeyondTheUnitIsFollowed() {
    add(0.001);
    add(5e6, 6e6, 7e6, 7e6);

    assertThat(read(1).getFirst()).isCloseTo(7e6f, HALF_FLOAT);
  }

  @Test
  void aUnitThatBecameTooLargeIsLowered() {
    add(0.001, 5e6, 6e6, 7e6);
    for (int i = 0; i < 70; i++) {
      add(0.3);
    }
    bank.tidy(1);
    add(0.3);

    assertThat(read(1).getFirst()).isCloseTo(0.3f, HALF_FLOAT);
  }

  @Test
  void coarseSlotsHoldTheMeansOfFinishedFineOnes() {
    add(1, 2, 3, 6, 10, 10, 10, 10, 99);

    float[] backwards = new float[4];
    bank.readCoarse(1, 2, 1, backwards.length, backwards);
    assertThat(backwards).containsExactly(Float.NaN, 10f, 3f, Float.NaN);
    bank.readCoarse(1, 1, 2, 2, backwards);
    assertThat(backwards).containsExactly(10f, Float.NaN, 3f, Float.NaN);
  }

  @Test
  void whateverComesNothingIsThrownAndNothingReadIsNoDemand() {
    long seed = Long.getLong("drover.seed", 7);
    Random random = new Random(seed);
    double[] odd = {0, 1e-300, 1e300, Double.NaN, -5, Double.MAX_VALUE, 1e30, 1, 1e-9, 3e5};
    long[] oddTimes = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1L << 40};
    float[] into = new float[64];
    long time = 0;
    for (int i = 0; i < 100_000; i++) {
      time += random.nextInt(10) == 0 ? random.nextInt(3_000_000) - 1_000_000 : STEP;
      long at = random.nextInt(200) == 0 ? oddTimes[random.nextInt(oddTimes.length)] : time;
      double value = random.nextInt(3) == 0 ? odd[random.nextInt(odd.length)] : random.nextDouble();
      bank.add(1, at, value);
      if (i % 97 == 0) {
        bank.tidy(1);
      }
      int count = bank.read(1, 64, into);
      for (int k = 0; k < count; k++) {
        assertThat(into[k]).as("seed %d, step %d", seed, i).isBetween(0f, 3e38f);
      }
    }
  }
}
