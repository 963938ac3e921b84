package io.drover.daemon.demo.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.load.PhaseKind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JudgeTest {

  @Test
  void aPhaseThatDidNotComeIsNoEvent() {
    Judgement judgement = new Story().seconds(5).judged();
    assertThat(judgement.allHappened()).isFalse();
    assertThat(judgement.byName().keySet())
        .containsExactly("overloadRelieved", "glitchIgnored", "standby", "wokenInTime");
    assertThat(judgement.byName().values())
        .allSatisfy(finding -> assertThat(finding.happened()).isFalse());
  }

  @Nested
  class Overload {
    private Story overloaded() {
      return new Story()
          .put("vm2", "host1")
          .begin(PhaseKind.OVERLOAD, "host1", 0, 0)
          .seconds(2)
          .wants("vm1", 300)
          .wants("vm2", 160)
          .seconds(4);
    }

    @Test
    void isRelievedByAMoveAwayFromTheHost() {
      Finding finding =
          overloaded().move("vm2", "host2", "moved", false).seconds(6).judged().overloadRelieved();
      assertThat(finding.happened()).isTrue();
      assertThat(finding.why()).contains("115 %", "vm2 moved to host2");
    }

    @Test
    void isNotRelievedWithoutAMove() {
      assertThat(overloaded().wants("vm1", 100).seconds(30).judged().overloadRelieved().happened())
          .isFalse();
    }

    @Test
    void isNotRelievedByAMoveByHand() {
      assertThat(
              overloaded()
                  .move("vm2", "host2", "moved", true)
                  .seconds(9)
                  .judged()
                  .overloadRelieved()
                  .happened())
          .isFalse();
    }

    @Test
    void isNotRelievedByAMoveThatWasUndone() {
      assertThat(
              overloaded()
                  .move("vm2", "host2", "undone", false)
                  .wants("vm1", 100)
                  .seconds(9)
                  .judged()
                  .overloadRelieved()
                  .happened())
          .isFalse();
    }

    @Test
    void isNotRelievedWhenItOnlyGoesElsewhere() {
      assertThat(
              overloaded()
                  .wants("vm3", 300)
                  .move("vm2", "host3", "moved", false)
                  .seconds(9)
                  .judged()
                  .overloadRelieved()
                  .why())
          .contains("still some host was above");
    }

    @Test
    void isNotRelievedByAMomentBelowTheLimit() {
      assertThat(
              overloaded()
                  .move("vm2", "host2", "moved", false)
                  .seconds(2)
                  .wants("vm1", 500)
                  .seconds(9)
                  .judged()
                  .overloadRelieved()
                  .happened())
          .isFalse();
    }

    @Test
    void thatNobodySawDoesNotCount() {
      assertThat(
              new Story()
                  .put("vm2", "host1")
                  .begin(PhaseKind.OVERLOAD, "host1", 0, 0)
                  .seconds(3)
                  .move("vm2", "host2", "moved", false)
                  .seconds(9)
                  .judged()
                  .overloadRelieved()
                  .why())
          .contains("never seen above");
    }
  }

  @Nested
  class Glitch {
    private Story jump(int seen) {
      return new Story()
          .begin(PhaseKind.GLITCH, "vm1", 8, 12)
          .seconds(8)
          .wants("vm1", 450)
          .seen("vm1", seen)
          .seconds(4)
          .wants("vm1", 100);
    }

    @Test
    void isIgnoredWhenNothingMoves() {
      Finding finding = jump(430).seconds(20).judged().glitchIgnored();
      assertThat(finding.happened()).isTrue();
      assertThat(finding.why()).contains("from 100 to 430");
    }

    @Test
    void thatNobodySawIsNotIgnored() {
      assertThat(jump(120).seconds(20).judged().glitchIgnored().why()).contains("never saw");
    }

    @Test
    void isNotIgnoredWhenTheMachineMoves() {
      assertThat(
              jump(430)
                  .seconds(2)
                  .move("vm1", "host2", "moved", false)
                  .seconds(20)
                  .judged()
                  .glitchIgnored()
                  .happened())
          .isFalse();
    }

    @Test
    void isNotIgnoredWhenAnotherMachineMakesRoom() {
      assertThat(
              jump(430)
                  .move("vm3", "host2", "undone", false)
                  .seconds(20)
                  .judged()
                  .glitchIgnored()
                  .happened())
          .isFalse();
    }

    @Test
    void isNotJudgedBeforeThereWasTimeForAMove() {
      assertThat(jump(430).seconds(5).judged().glitchIgnored().happened()).isFalse();
    }

    @Test
    void hasNothingToDoWithAMoveMuchLater() {
      assertThat(
              jump(430)
                  .seconds(16)
                  .move("vm1", "host2", "moved", false)
                  .judged()
                  .glitchIgnored()
                  .happened())
          .isTrue();
    }
  }

  @Nested
  class Standby {
    private Story packed() {
      return new Story().seconds(3).begin(PhaseKind.QUIET, "", 0, 0).seconds(5).put("vm4", "host3");
    }

    @Test
    void isAHostWithoutMachinesAndWithoutProcess() {
      Finding finding = packed().power("host4", "STANDBY", false).seconds(3).judged().standby();
      assertThat(finding.happened()).isTrue();
      assertThat(finding.why()).contains("host4", "5 s");
    }

    @Test
    void isNotTheSchedulersWordAlone() {
      assertThat(packed().power("host4", "STANDBY", true).seconds(9).judged().standby().happened())
          .isFalse();
    }

    @Test
    void isNotAProcessThatDied() {
      assertThat(packed().power("host4", "ON", false).seconds(9).judged().standby().happened())
          .isFalse();
    }

    @Test
    void doesNotCountWhenAMachineIsLeftBehind() {
      assertThat(
              packed()
                  .put("vm4", "host4")
                  .power("host4", "STANDBY", false)
                  .seconds(9)
                  .judged()
                  .standby()
                  .happened())
          .isFalse();
    }

    @Test
    void doesNotCountWhenAMachineDoesNotGoOn() {
      assertThat(
              packed()
                  .state("vm4", "LOST")
                  .power("host4", "STANDBY", false)
                  .seconds(9)
                  .judged()
                  .standby()
                  .why())
          .contains("vm4 did not go on");
    }

    @Test
    void isNotAHostThatNeverWorked() {
      assertThat(
              new Story()
                  .put("vm4", "host3")
                  .power("host4", "STANDBY", false)
                  .seconds(3)
                  .begin(PhaseKind.QUIET, "", 0, 0)
                  .seconds(9)
                  .judged()
                  .standby()
                  .happened())
          .isFalse();
    }
  }

  @Nested
  class WakeUp {
    private Story rise() {
      return new Story()
          .seconds(3)
          .put("vm4", "host3")
          .power("host4", "STANDBY", false)
          .begin(PhaseKind.RISE, "", 0, 60)
          .seconds(5)
          .wants("vm1", 380)
          .wants("vm2", 380)
          .seconds(5);
    }

    @Test
    void isInTimeBeforeTheOthersAreFull() {
      Finding finding =
          rise()
              .power("host4", "WAKING", true)
              .seconds(5)
              .power("host4", "ON", true)
              .seconds(7)
              .wants("vm3", 350)
              .wants("vm4", 350)
              .seconds(5)
              .judged()
              .wokenInTime();
      assertThat(finding.happened()).isTrue();
      assertThat(finding.why()).contains("7 s before");
    }

    @Test
    void isLateAfterwards() {
      assertThat(
              rise()
                  .wants("vm3", 350)
                  .wants("vm4", 350)
                  .seconds(2)
                  .power("host4", "ON", true)
                  .seconds(9)
                  .judged()
                  .wokenInTime()
                  .why())
          .contains("2 s after");
    }

    @Test
    void isNotNeededWhenTheOthersSuffice() {
      assertThat(rise().power("host4", "ON", true).seconds(20).judged().wokenInTime().happened())
          .isFalse();
    }

    @Test
    void doesNotCountWithoutAProcess() {
      assertThat(
              rise()
                  .power("host4", "ON", false)
                  .seconds(5)
                  .wants("vm3", 350)
                  .wants("vm4", 350)
                  .seconds(20)
                  .judged()
                  .wokenInTime()
                  .why())
          .contains("not woken");
    }

    @Test
    void needsAHostThatSlept() {
      assertThat(
              new Story()
                  .begin(PhaseKind.RISE, "", 0, 10)
                  .wants("vm1", 2_000)
                  .seconds(20)
                  .judged()
                  .wokenInTime()
                  .happened())
          .isFalse();
    }
  }
}
