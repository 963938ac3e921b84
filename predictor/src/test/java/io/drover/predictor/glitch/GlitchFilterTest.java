package io.drover.predictor.glitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.predictor.glitch.UnstableGroup.Verdict;
import org.junit.jupiter.api.Test;

class GlitchFilterTest {
  private static final double THRESHOLD = 0.1;
  private static final int LEAST = 3;

  private static Phases split(double... values) {
    return GlitchFilter.split(values, THRESHOLD, LEAST);
  }

  private static UnstableGroup group(int from, int to, Verdict verdict) {
    return new UnstableGroup(new Span(from, to), verdict);
  }

  @Test
  void glitchBetweenEqualLevelsIsRemoved() {
    Phases phases = split(0.5, 0.5, 0.5, 2.0, 1.9, 0.5, 0.5, 0.5);
    assertThat(phases.groups()).containsExactly(group(3, 5, Verdict.GLITCH));
    assertThat(phases.periods()).hasSize(1);
    assertThat(phases.periods().getFirst().runs()).containsExactly(new Span(0, 3), new Span(5, 8));
    assertThat(phases.glitches()).isEqualTo(1);
  }

  @Test
  void aDropBetweenEqualLevelsIsAGlitchToo() {
    assertThat(split(0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5).groups())
        .containsExactly(group(3, 4, Verdict.GLITCH));
  }

  @Test
  void groupBetweenDifferentLevelsIsAPhaseChangeAndStays() {
    Phases phases = split(0.5, 0.5, 0.5, 0.7, 0.9, 1.2, 1.2, 1.2);
    assertThat(phases.groups()).containsExactly(group(3, 5, Verdict.PHASE_CHANGE));
    assertThat(phases.periods()).hasSize(2);
    assertThat(phases.current().orElseThrow().baseline()).isEqualTo(1.2);
  }

  @Test
  void aCleanStepMakesTwoPeriodsWithNothingBetween() {
    Phases phases = split(0.5, 0.5, 0.5, 1.2, 1.2, 1.2);
    assertThat(phases.groups()).isEmpty();
    assertThat(phases.periods()).hasSize(2);
  }

  @Test
  void aSpikeAsLongAsALevelIsALevel() {
    Phases phases = split(0.5, 0.5, 0.5, 2, 2, 2, 0.5, 0.5, 0.5);
    assertThat(phases.glitches()).isZero();
    assertThat(phases.periods()).hasSize(3);
  }

  @Test
  void sidesAgreeUpToTheThresholdAndNotBeyond() {
    assertThat(split(0.5, 0.5, 0.5, 2, 0.59, 0.59, 0.59).glitches()).isEqualTo(1);
    assertThat(split(0.5, 0.5, 0.5, 2, 0.61, 0.61, 0.61).glitches()).isZero();
  }

  @Test
  void lastSampleBeforeAndFirstAfterAreCompared() {
    // Both runs drift within their bands; their nearest samples agree although their ends do not.
    Phases phases = split(0.42, 0.42, 0.42, 0.5, 2, 0.58, 0.66, 0.66, 0.66);
    assertThat(phases.glitches()).isEqualTo(1);
    assertThat(phases.periods()).hasSize(1);
  }

  @Test
  void unstableSamplesAtTheEndAreUndecided() {
    Phases phases = split(0.5, 0.5, 0.5, 2, 2);
    assertThat(phases.undecided()).contains(group(3, 5, Verdict.UNDECIDED));
    assertThat(phases.current().orElseThrow().to()).isEqualTo(3);
  }

  @Test
  void unstableSamplesAtTheStartAreNoGlitch() {
    assertThat(split(3, 0.1, 0.5, 0.5, 0.5).groups()).containsExactly(group(0, 2, Verdict.LEADING));
  }

  @Test
  void severalGlitchesInOnePeriodAllGo() {
    Phases phases = split(0.5, 0.5, 0.5, 2, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5);
    assertThat(phases.glitches()).isEqualTo(2);
    assertThat(phases.periods()).hasSize(1);
    assertThat(phases.current().orElseThrow().samples()).isEqualTo(9);
  }

  @Test
  void fewerSamplesThanALevelNeedsAreUndecided() {
    assertThat(split().groups()).isEmpty();
    assertThat(split(0.5, 0.5).groups()).containsExactly(group(0, 2, Verdict.UNDECIDED));
    assertThat(split(0.5, 0.5).current()).isEmpty();
  }

  @Test
  void slowDriftBeginsANewPeriodWhenTheBandIsLeft() {
    double[] values = new double[40];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.5 + 0.02 * i;
    }
    Phases phases = GlitchFilter.split(values, THRESHOLD, LEAST);
    assertThat(phases.glitches()).isZero();
    assertThat(phases.periods().size()).isGreaterThan(3);
    assertThat(phases.current().orElseThrow().baseline()).isGreaterThan(1.1);
  }

  @Test
  void refusesAThresholdOrLengthThatMakesNoSense() {
    assertThatThrownBy(() -> GlitchFilter.split(new double[3], Double.NaN, 3))
        .hasMessageContaining("threshold is NaN");
    assertThatThrownBy(() -> GlitchFilter.split(new double[3], 0.1, 1))
        .hasMessageContaining("minStableSamples is 1");
  }
}
