package io.drover.predictor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RampTest {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final double THRESHOLD = 0.1;

  private static boolean isRamp(Histories history) {
    return Ramp.find(history.samples(), WINDOW, THRESHOLD).isPresent();
  }

  @Test
  void aSteadyRiseThroughNoiseIsFound() {
    Histories rise = new Histories(1, 0.02).level(0.2, 10).ramp(0.2, 0.8, 25);
    Ramp ramp = Ramp.find(rise.samples(), WINDOW, THRESHOLD).orElseThrow();
    assertThat(ramp.perSecond()).isCloseTo(0.6 / 120, within(0.001));
    assertThat(ramp.levelNow()).isCloseTo(0.8, within(0.03));
  }

  @Test
  void noiseAStepOrASpikeIsNoRamp() {
    assertThat(isRamp(new Histories(1, 0.05).level(0.5, 40))).isFalse();
    assertThat(isRamp(new Histories(1, 0.01).level(0.5, 30).level(1.5, 6))).isFalse();
    assertThat(isRamp(new Histories(1, 0.01).level(0.5, 30).level(1.5, 2).level(0.5, 6))).isFalse();
  }

  @Test
  void aRiseSmallerThanTheThresholdIsNoRamp() {
    assertThat(isRamp(new Histories(1, 0).ramp(0.5, 0.58, 13))).isFalse();
    assertThat(isRamp(new Histories(1, 0).ramp(0.5, 0.62, 13))).isTrue();
  }

  @Test
  void aWindowThatIsNotFullYetTellsNothing() {
    assertThat(isRamp(new Histories(1, 0).ramp(0.2, 0.8, 8))).isFalse();
    assertThat(isRamp(new Histories(1, 0))).isFalse();
  }
}
