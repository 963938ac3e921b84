package io.drover.scheduler.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurpriseTest {
  private static final double THRESHOLD = 0.2;

  private final Surprise surprise = new Surprise();

  /** Learned: one core, at most 1.1 nine times in ten. */
  private void closed(double came) {
    surprise.closed(came, 1, 1.1, 1, THRESHOLD);
  }

  @Test
  void demandWithinTheRangeIsNone() {
    closed(1.05);
    closed(1.25);
    closed(0.8);
    assertThat(surprise.lasts()).isFalse();
  }

  @Test
  void aLevelFarOutsideIsOneUpwardsAndDownwards() {
    closed(3);
    assertThat(surprise.lasts()).isTrue();
    surprise.forget();
    closed(0.2);
    assertThat(surprise.lasts()).isTrue();
  }

  @Test
  void itLastsWhileTheRangeIsOnlyWideEnoughAndTheMiddleElsewhere() {
    closed(3);
    surprise.closed(3, 1.2, 5, 1.1, THRESHOLD);
    assertThat(surprise.lasts()).isTrue();
  }

  @Test
  void itLastsUntilTheMiddleSomeSlotsAheadHasComeToo() {
    closed(3);
    surprise.closed(3, 2.9, 3.2, 1.5, THRESHOLD);
    assertThat(surprise.lasts()).isTrue();
    surprise.closed(3, 2.98, 3.1, 2.96, THRESHOLD);
    assertThat(surprise.lasts()).isFalse();
  }

  @Test
  void itIsOverWhenDemandIsBack() {
    closed(3);
    surprise.closed(1.05, 2, 4, 1.5, THRESHOLD);
    assertThat(surprise.lasts()).isFalse();
  }
}
