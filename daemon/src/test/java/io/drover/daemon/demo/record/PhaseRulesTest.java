package io.drover.daemon.demo.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.daemon.demo.load.PhaseKind;
import org.junit.jupiter.api.Test;

class PhaseRulesTest {

  private static boolean finished(Story story) {
    return PhaseRules.finished(story.recording(), story.phase(), story.now());
  }

  @Test
  void overloadEndsWhenItIsRelieved() {
    Story story =
        new Story()
            .put("vm2", "host1")
            .wants("vm1", 350)
            .begin(PhaseKind.OVERLOAD, "host1", 0, 0)
            .seconds(5);
    assertThat(finished(story)).isFalse();
    story.move("vm2", "host2", "moved", false).seconds(2);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(4))).isTrue();
  }

  @Test
  void overloadThatIsNotRelievedEndsInTheEnd() {
    Story story =
        new Story().wants("vm1", 500).begin(PhaseKind.OVERLOAD, "host1", 0, 0).seconds(95);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(10))).isTrue();
  }

  @Test
  void glitchIsWatchedUntilAMoveWouldHaveCome() {
    Story story = new Story().begin(PhaseKind.GLITCH, "vm1", 8, 12).seconds(27);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(6))).isTrue();
  }

  @Test
  void quietLastsUntilAHostHasSleptForAWhile() {
    Story story = new Story().seconds(2).begin(PhaseKind.QUIET, "", 0, 0).seconds(20);
    story.put("vm4", "host3").power("host4", "STANDBY", false).seconds(2);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(5))).isTrue();
  }

  @Test
  void quietGoesOnWhenTheHostIsWokenTooEarly() {
    Story story = new Story().seconds(2).begin(PhaseKind.QUIET, "", 0, 0).seconds(20);
    story.put("vm4", "host3").power("host4", "STANDBY", false).seconds(3);
    story.power("host4", "WAKING", true).seconds(9);
    assertThat(finished(story)).isFalse();
    story.power("host4", "STANDBY", false).seconds(3);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(3))).isTrue();
  }

  @Test
  void calmWaitsForMachinesThatMove() {
    Story story = new Story().begin(PhaseKind.CALM, "", 0, 0).state("vm1", "MOVING").seconds(30);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.state("vm1", "RUNNING").seconds(1))).isTrue();
  }

  @Test
  void riseWaitsForTheTopAndForRoom() {
    Story story =
        new Story()
            .put("vm4", "host3")
            .power("host4", "STANDBY", false)
            .begin(PhaseKind.RISE, "", 0, 30)
            .seconds(10)
            .power("host4", "ON", true)
            .seconds(2)
            .wants("vm1", 390)
            .wants("vm2", 390)
            .wants("vm3", 300)
            .wants("vm4", 300)
            .seconds(10);
    assertThat(finished(story)).isFalse();
    assertThat(finished(story.seconds(10))).isFalse();
    assertThat(finished(story.put("vm4", "host4").seconds(1))).isTrue();
  }
}
