package io.drover.predictor.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistorySnapshotTest {
  private static final long STEP = 300_000;
  private static final HistoryShape SHAPE = new HistoryShape(Duration.ofMillis(STEP), 64, 4, 16);

  private final HistoryBank bank = new HistoryBank(SHAPE, 2);

  @BeforeEach
  void fill() {
    Random random = new Random(2);
    for (int i = 0; i < 150; i++) {
      if (random.nextInt(6) > 0) {
        bank.add(0, i * STEP + random.nextInt(1000), 100 * random.nextDouble());
      }
    }
    bank.add(0, 3, 1);
    bank.add(0, 200 * STEP, Double.NaN);
  }

  @Test
  void aRestoredHistoryGoesOnLikeTheFirst() throws SnapshotException {
    HistoryBank other = new HistoryBank(SHAPE, 3);
    HistorySnapshot.restore(HistorySnapshot.take(bank, 0), other, 2);
    for (int i = 150; i < 200; i++) {
      bank.add(0, i * STEP, i);
      other.add(2, i * STEP, i);
      assertThat(HistorySnapshot.take(other, 2)).isEqualTo(HistorySnapshot.take(bank, 0));
    }
    assertThat(other.refused(2)).isEqualTo(2);
    assertThat(other.known(0)).isZero();
  }

  @Test
  void everyFlippedBitIsNoticedAndNothingIsChanged() {
    byte[] good = HistorySnapshot.take(bank, 0);
    byte[] before = HistorySnapshot.take(bank, 1);
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> HistorySnapshot.restore(bad, bank, 1))
          .isInstanceOf(SnapshotException.class);
    }
    assertThat(HistorySnapshot.take(bank, 1)).isEqualTo(before);
  }

  @Test
  void whatIsDamagedIsNamed() {
    byte[] good = HistorySnapshot.take(bank, 0);

    assertRefused(damaged(good, 1), "no history snapshot");
    assertRefused(damaged(good, 7), "version");
    assertRefused(damaged(good, 20), "header");
    assertRefused(damaged(good, 40), "figures");
    assertRefused(damaged(good, good.length - 20), "slots");
    assertRefused(Arrays.copyOf(good, good.length - 1), "bytes");
    assertRefused(new byte[0], "no history snapshot");
  }

  @Test
  void aSnapshotOfAnotherShapeIsRefused() {
    HistoryBank other = new HistoryBank(new HistoryShape(Duration.ofMillis(STEP), 65, 4, 16), 1);
    byte[] snapshot = HistorySnapshot.take(other, 0);

    assertRefused(snapshot, "65");
  }

  private void assertRefused(byte[] snapshot, String why) {
    assertThatThrownBy(() -> HistorySnapshot.restore(snapshot, bank, 1))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining(why);
  }

  private static byte[] damaged(byte[] good, int at) {
    byte[] bad = good.clone();
    bad[at] ^= 0x10;
    return bad;
  }
}
