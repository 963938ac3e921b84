package io.drover.predictor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedRangeTest {
  private static final Instant FROM = Instant.ofEpochSecond(6000);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<Double> LEVELS = List.of(0.5, 0.9, 0.95, 0.99);

  private static LearnedRange range(double[]... values) {
    return new LearnedRange(FROM, MINUTE, 100, 1, List.of(1, 5, 15), LEVELS, values);
  }

  private static final LearnedRange RANGE =
      range(
          new double[] {1, 1.4, 1.6, 2}, new double[] {2, 2.4, 2.6, 3}, new double[] {3, 4, 5, 6});

  private static Instant at(double minutes) {
    return FROM.plusMillis(Math.round(60_000 * minutes));
  }

  @Test
  void whatWasForecastIsReadAtItsHorizonsAndLevels() {
    assertThat(RANGE.quantile(0.5, at(1))).isEqualTo(1);
    assertThat(RANGE.quantile(0.95, at(5))).isCloseTo(2.6, within(1e-9));
    assertThat(RANGE.quantile(0.99, at(15))).isCloseTo(6, within(1e-9));
  }

  @Test
  void betweenHorizonsItGoesStraightAndBeyondThemItStays() {
    assertThat(RANGE.quantile(0.5, at(3))).isCloseTo(1.5, within(1e-9));
    assertThat(RANGE.quantile(0.5, at(0))).isEqualTo(1);
    assertThat(RANGE.quantile(0.5, at(900))).isEqualTo(3);
  }

  @Test
  void quantilesBelowTheMiddleAreTheMiddleAndThoseAboveTheLastGoOn() {
    assertThat(RANGE.quantile(0.1, at(1))).isEqualTo(1);
    assertThat(RANGE.quantile(0.999, at(1))).isBetween(2.0, 3.0);
    assertThat(RANGE.quantile(1, at(1))).isEqualTo(RANGE.quantile(0.999, at(1)));
  }

  @Test
  void fourFifthsLieBetweenTheMiddleAndNineTenths() {
    // An exponential tail has come 0.57 of the way from 0.5 to 0.9.
    assertThat(RANGE.quantile(0.8, at(1))).isCloseTo(1 + 0.4 * 0.569, within(1e-3));
  }

  @Test
  void oddValuesAreMendedSoThatQuantilesAreFiniteAndRise() {
    LearnedRange odd =
        new LearnedRange(
            FROM,
            MINUTE,
            1,
            Double.NaN,
            List.of(1),
            LEVELS,
            new double[][] {{Double.NaN, -1, Double.POSITIVE_INFINITY, 0.5}});
    assertThat(odd.quantile(0.5, at(1))).isZero();
    assertThat(odd.quantile(0.95, at(1))).isZero();
    assertThat(odd.quantile(0.99, at(1))).isCloseTo(0.5, within(1e-9));
    assertThat(odd.share(FROM, Duration.ofHours(1), 0, 1)).isZero();
  }

  @Test
  void itCountsFromTwoSlotsAheadOnWhileItIsFreshAndDemandIsInIt() {
    assertThat(RANGE.share(at(0.5), MINUTE, 1.1, 0.1)).isZero();
    assertThat(RANGE.share(at(0.5), MINUTE.multipliedBy(2), 1.1, 0.1)).isEqualTo(1);
    assertThat(RANGE.share(at(0.5), Duration.ofSeconds(90), 1.1, 0.1)).isEqualTo(0.5);
  }

  @Test
  void anOldOneCountsForNothing() {
    assertThat(RANGE.share(at(3), Duration.ofHours(1), 1, 0.1)).isBetween(0.4, 0.6);
    assertThat(RANGE.words(at(3), 1, 0.1)).contains("learned from");
    assertThat(RANGE.share(at(4), Duration.ofHours(1), 1, 0.1)).isZero();
    assertThat(RANGE.words(at(4), 1, 0.1)).contains("too old").doesNotContain("learned from");
  }

  @Test
  void oneThatDemandHasLeftCountsForNothingAndSaysSo() {
    assertThat(RANGE.share(at(0), Duration.ofHours(1), 4, 0.1)).isZero();
    assertThat(RANGE.words(at(0), 4, 0.1)).contains("does not count");
    assertThat(RANGE.words(at(0), 1, 0.1))
        .contains("100 slots", "2.00 cores in 5 min", "2.40 cores");
  }

  @Test
  void rowsForOtherHorizonsAreRefused() {
    assertThatThrownBy(() -> range(new double[] {1, 2, 3, 4})).hasMessageContaining("1 rows");
  }
}
