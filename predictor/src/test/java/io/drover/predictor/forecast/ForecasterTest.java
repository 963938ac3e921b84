package io.drover.predictor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ForecasterTest {
  private static Histories history() {
    return new Histories(7, 0.01);
  }

  @Test
  void withoutSamplesTheAssumedLevelIsMarkedAsNotKnown() {
    Forecast forecast =
        new Forecaster(Histories.SETTINGS).forecast(Samples.empty(), Instant.EPOCH, 0.25);
    assertThat(forecast.known()).isFalse();
    assertThat(forecast.decided()).isFalse();
    assertThat(forecast.level()).isEqualTo(0.25);
    assertThat(forecast.inPhaseQuantile(0.9, Duration.ofMinutes(5))).isEqualTo(0.25);
  }

  @Test
  void aSteadyHistoryIsExpectedToGoOnAsLongAgain() {
    Forecast forecast = history().level(0.5, 60).forecast();
    assertThat(forecast.level()).isCloseTo(0.5, within(0.01));
    assertThat(forecast.phaseSince()).contains(Instant.EPOCH);
    assertThat(forecast.expectedRemainingStable()).isEqualTo(Duration.ofSeconds(295));
    assertThat(forecast.trendPerSecond()).isZero();
  }

  @Test
  void aGlitchChangesNeitherLevelNorQuantiles() {
    Forecast calm = history().level(0.5, 60).forecast();
    Forecast glitch = history().level(0.5, 30).level(2, 2).level(0.5, 28).forecast();
    assertThat(glitch.level()).isCloseTo(calm.level(), within(0.01));
    assertThat(glitch.quantile(0.9, Duration.ofMinutes(5)))
        .isCloseTo(calm.quantile(0.9, Duration.ofMinutes(5)), within(0.01));
    assertThat(glitch.phaseSince()).isEqualTo(calm.phaseSince());
    assertThat(glitch.explanation()).contains("1 glitches removed");
  }

  @Test
  void aSpikeThatIsStillOnDoesNotChangeTheLevelButIsShown() {
    Forecast forecast = history().level(0.5, 60).level(2, 3).forecast();
    assertThat(forecast.level()).isCloseTo(0.5, within(0.01));
    assertThat(forecast.undecidedSamples()).isEqualTo(3);
    assertThat(forecast.undecidedLevel()).isCloseTo(2, within(0.02));
    assertThat(forecast.recentLevel()).isGreaterThan(1.9);
    assertThat(forecast.changeProbability(Duration.ofSeconds(1))).isGreaterThanOrEqualTo(0.5);
  }

  @Test
  void aRealPhaseChangeIsFollowedOnceItIsALevel() {
    Forecast forecast = history().level(0.5, 60).level(2, 4).forecast();
    assertThat(forecast.level()).isCloseTo(2, within(0.02));
    assertThat(forecast.undecidedSamples()).isZero();
    assertThat(forecast.phaseSince()).contains(Instant.ofEpochMilli(60 * Histories.STEP_MILLIS));
  }

  @Test
  void theLevelFollowsASlowDriftWithinOnePeriod() {
    Forecast forecast = history().level(0.50, 200).level(0.53, 24).forecast();
    assertThat(forecast.phaseSince()).contains(Instant.EPOCH);
    assertThat(forecast.level()).isCloseTo(0.53, within(0.01));
  }

  @Test
  void aRiseIsFollowedAheadAndNotFartherThanItsReach() {
    Forecast forecast = history().level(0.5, 60).ramp(0.5, 1.3, 40).forecast();
    double perSecond = 0.8 / (39 * 5);
    assertThat(forecast.trendPerSecond()).isCloseTo(perSecond, within(perSecond * 0.15));
    assertThat(forecast.level()).isCloseTo(1.3, within(0.05));
    assertThat(forecast.inPhaseQuantile(0.5, Duration.ofMinutes(2)))
        .isCloseTo(1.3 + 120 * perSecond, within(0.1));
    assertThat(forecast.inPhaseQuantile(0.5, Duration.ofHours(1)))
        .isEqualTo(forecast.inPhaseQuantile(0.5, Histories.SETTINGS.trendReach()));
  }

  @Test
  void aFallIsShownButNotExtrapolated() {
    Forecast forecast = history().level(1.3, 60).ramp(1.3, 0.5, 20).forecast();
    assertThat(forecast.trendPerSecond()).isNegative();
    assertThat(forecast.inPhaseQuantile(0.5, Duration.ofMinutes(5)))
        .isEqualTo(forecast.inPhaseQuantile(0.5, Duration.ZERO));
  }

  @Test
  void aSpikeIsNotTakenForARampWhileItIsOnNorWhenItIsJustOver() {
    Histories on = history().level(0.5, 60).level(1.6, 1).level(1.4, 1).level(1.9, 1);
    assertThat(on.forecast().trendPerSecond()).isZero();
    for (int back = 1; back < 4; back++) {
      on.level(0.5, 1);
      assertThat(on.forecast().trendPerSecond()).isZero();
      assertThat(on.forecast().level()).isCloseTo(0.5, within(0.01));
    }
  }

  @Test
  void aRampSoSteepThatNothingIsStableIsFollowed() {
    Forecast forecast = history().level(0.2, 60).ramp(0.2, 3, 12).forecast();
    assertThat(forecast.trendPerSecond()).isCloseTo(2.8 / 55, within(0.01));
    assertThat(forecast.level()).isCloseTo(3, within(0.2));
  }

  @Test
  void aStepIsNotTakenForARamp() {
    Forecast forecast = history().level(0.5, 60).level(1.5, 6).forecast();
    assertThat(forecast.trendPerSecond()).isZero();
  }

  @Test
  void longerPhasesOfThePastLetAYoungPhaseExpectMore() {
    Forecast young = history().level(1, 5).forecast();
    Forecast experienced = history().level(0.5, 100).level(1, 5).forecast();
    assertThat(experienced.expectedRemainingStable())
        .isGreaterThan(young.expectedRemainingStable().multipliedBy(3));
  }

  @Test
  void noisyHistoriesHaveAWiderBandAndHigherQuantiles() {
    Forecast calm = new Histories(3, 0.005).level(0.5, 80).forecast();
    Forecast noisy = new Histories(3, 0.1).level(0.5, 80).forecast();
    assertThat(noisy.inPhaseQuantile(0.9, Duration.ZERO))
        .isGreaterThan(calm.inPhaseQuantile(0.9, Duration.ZERO) + 0.04);
    assertThat(noisy.decided()).isTrue();
  }

  @Test
  void historiesWithoutAnyStablePeriodStillHaveALevel() {
    Histories wild = new Histories(5, 0);
    for (int i = 0; i < 20; i++) {
      wild.level(i % 2 == 0 ? 0.1 : 2, 1);
    }
    Forecast forecast =
        new Forecaster(
                new ForecastSettings(
                    1000,
                    4,
                    0.05,
                    0,
                    0,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofHours(8)))
            .forecast(wild.samples(), wild.now(), 0);
    assertThat(forecast.known()).isTrue();
    assertThat(forecast.decided()).isFalse();
    assertThat(forecast.level()).isBetween(0.1, 2.0);
    assertThat(forecast.inPhaseQuantile(0.95, Duration.ZERO)).isCloseTo(2, within(1e-9));
  }
}
