package io.drover.scheduler.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.scheduler.exec.VmCare.Deed;
import io.drover.scheduler.exec.VmCare.Sight;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of {@link VmCare}. */
class VmCareTest {
  private static final long EPOCH = 5;

  private static VmPlacement placed(DesiredState desired) {
    return new VmPlacement(new VmId("vm"), Optional.of("h1"), EPOCH, desired, 0);
  }

  private static CopyView copy(CopyState state, long epoch) {
    return new CopyView(state, state == CopyState.ABSENT ? 0 : epoch, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "ABSENT,       START,           UNPLACE",
    "EXITED,       RESTART,         UNPLACE",
    "INCOMING,     RESTART,         UNPLACE",
    "POWERED_OFF,  STOPPED_BY_GUEST, STOPPED_BY_GUEST",
    "PAUSED,       TAKE_BACK,       TAKE_BACK",
    "POST_MIGRATE, TAKE_BACK,       TAKE_BACK",
    "RUNNING,      NOTHING,         NOTHING",
    "IO_ERROR,     NOTHING,         NOTHING",
    "UNKNOWN,      NOTHING,         NOTHING",
  })
  void machineThatShallRun(CopyState state, Deed deed, Deed onHostThatTakesNone) {
    VmPlacement placement = placed(DesiredState.RUNNING);
    CopyView copy = copy(state, EPOCH);
    assertThat(VmCare.decide(placement, Sight.REPORTS, true, copy)).isEqualTo(deed);
    assertThat(VmCare.decide(placement, Sight.REPORTS, false, copy)).isEqualTo(onHostThatTakesNone);
  }

  @ParameterizedTest
  @EnumSource(CopyState.class)
  void copyOfAnotherEpochIsNotTheMachine(CopyState state) {
    VmPlacement placement = placed(DesiredState.RUNNING);
    CopyView copy = copy(state, EPOCH - 1);
    assertThat(VmCare.decide(placement, Sight.REPORTS, true, copy)).isEqualTo(Deed.START);
    assertThat(VmCare.decide(placement, Sight.REPORTS, false, copy)).isEqualTo(Deed.UNPLACE);
  }

  @ParameterizedTest
  @EnumSource(CopyState.class)
  void machineThatShallStand(CopyState state) {
    assertThat(VmCare.decide(placed(DesiredState.STOPPED), Sight.REPORTS, true, copy(state, EPOCH)))
        .isEqualTo(state == CopyState.ABSENT ? Deed.UNPLACE : Deed.STOP);
  }

  @ParameterizedTest
  @EnumSource(DesiredState.class)
  void hostThatIsNotHeardOf(DesiredState desired) {
    for (CopyState state : CopyState.values()) {
      CopyView copy = copy(state, EPOCH);
      assertThat(VmCare.decide(placed(desired), Sight.SILENT, true, copy)).isEqualTo(Deed.NOTHING);
      assertThat(VmCare.decide(placed(desired), Sight.LOST, true, copy)).isEqualTo(Deed.UNPLACE);
    }
  }

  @Test
  void machineWithoutAPlaceIsThePlanners() {
    VmPlacement nowhere =
        new VmPlacement(new VmId("vm"), Optional.empty(), EPOCH, DesiredState.RUNNING, 0);
    for (Sight sight : Sight.values()) {
      assertThat(VmCare.decide(nowhere, sight, true, CopyView.absent())).isEqualTo(Deed.NOTHING);
    }
  }
}
