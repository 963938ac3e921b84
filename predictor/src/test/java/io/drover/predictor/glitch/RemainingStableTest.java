package io.drover.predictor.glitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemainingStableTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void withoutEarlierPhasesWhatHasLastedLastsAsLongAgain() {
    RemainingStable remaining = RemainingStable.of(List.of(), HOUR.multipliedBy(3), HOUR, WEEK);

    assertThat(remaining.expected()).isEqualTo(HOUR.multipliedBy(3));
    assertThat(remaining.confidence()).isZero();
  }

  @Test
  void aYoungPhaseIsExpectedToLastLikeTheFleets() {
    RemainingStable remaining =
        RemainingStable.of(List.of(), Duration.ofMinutes(5), HOUR.multipliedBy(2), WEEK);

    assertThat(remaining.expected()).isEqualTo(HOUR.multipliedBy(2));
  }

  @Test
  void manyPhasesOfOneLengthMakeItKnownWhenTheNextEnds() {
    List<Duration> lengths = Collections.nCopies(96, HOUR.multipliedBy(8));
    RemainingStable remaining = RemainingStable.of(lengths, HOUR.multipliedBy(6), HOUR, WEEK);

    assertThat(remaining.expected()).isBetween(HOUR.multipliedBy(2), Duration.ofMinutes(135));
    assertThat(remaining.confidence()).isEqualTo(0.96);
  }

  @Test
  void aPhaseOlderThanAllBeforeIsNotExpectedToEndAtOnce() {
    RemainingStable remaining =
        RemainingStable.of(Collections.nCopies(50, HOUR), HOUR.multipliedBy(5), HOUR, WEEK);

    assertThat(remaining.expected()).isEqualTo(HOUR.multipliedBy(5));
    assertThat(remaining.confidence()).isZero();
  }

  @Test
  void theAnswerIsBounded() {
    assertThat(RemainingStable.of(List.of(), WEEK.multipliedBy(9), HOUR, WEEK).expected())
        .isEqualTo(WEEK);
  }
}
