package io.drover.hostagent.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.storage.attach.AttachState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent takes over, and what its checks do about it. */
class VmSupervisorTest {
  private static final VmId VM = new VmId("vm1");

  @TempDir private Path folder;
  private final FakeHost host = new FakeHost();
  private AgentCore core;

  @BeforeEach
  void open() throws Exception {
    core = host.core(folder, "");
  }

  @Test
  void hiccupOfTheGateDoesNotStopTheAdoptionAndTheNextCheckServesTheDisks() {
    FakeVm vm = host.running("vm1", 3);
    host.running("vm2", 1);
    host.gateFailures.set(1);

    core.adopt();
    assertThat(core.vms()).containsExactlyInAnyOrder(VM, new VmId("vm2"));
    assertThat(host.adoptions).hasValue(1);
    assertThat(vm.told).isEmpty();

    core.vms().forEach(core::check);
    assertThat(host.disk("vm1")).isEqualTo(AttachState.HOLDER);
    assertThat(host.disk("vm2")).isEqualTo(AttachState.HOLDER);
    assertThat(core.report(Instant.EPOCH))
        .allMatch(report -> report.copy().state() == CopyState.RUNNING);
  }

  @Test
  void disksOfAMachineOnItsWayAreServedByALaterCheckToo() {
    host.running("vm1", 3);
    host.intentOpen = true;
    host.gateFailures.set(1);

    core.adopt();
    assertThat(host.disk("vm1")).isNotEqualTo(AttachState.HOLDER);
    core.check(VM);
    assertThat(host.disk("vm1")).isEqualTo(AttachState.HOLDER);
  }

  @Test
  void repeatedAdoptionListensToEveryProcessOnce() {
    FakeVm vm = host.running("vm1", 3);
    host.beforeAttach =
        () -> {
          throw new IllegalStateException("nobody foresaw this");
        };
    assertThatThrownBy(core::adopt).isInstanceOf(IllegalStateException.class);

    host.beforeAttach = () -> {};
    core.adopt();
    assertThat(host.adoptions).hasValue(2);
    assertThat(vm.listeners()).isEqualTo(1);
    core.adopt();
    assertThat(host.adoptions).hasValue(2);
  }

  @Test
  void copyThatBelongsElsewhereIsEndedUnlessAMoveOfItIsOpen() {
    FakeVm vm = host.running("vm1", 3);
    core.adopt();
    host.place("vm1", Optional.of("h2"), 4, DesiredState.RUNNING);
    host.intentOpen = true;
    core.check(VM);
    assertThat(vm.told).isEmpty();

    host.intentOpen = false;
    core.check(VM);
    assertThat(vm.told).containsExactly("kill");
    assertThat(core.vms()).isEmpty();
    assertThat(host.attached).isEmpty();
  }

  @Test
  void machineThatDoesNotAnswerIsServedAndReportedAsUnknown() {
    FakeVm vm = host.running("vm1", 3);
    vm.state = VmRunState.UNKNOWN;
    host.gateFailures.set(1);
    core.adopt();
    core.check(VM);
    assertThat(host.disk("vm1")).isEqualTo(AttachState.HOLDER);
    assertThat(core.report(Instant.EPOCH))
        .singleElement()
        .satisfies(report -> {
          assertThat(report.copy().state()).isEqualTo(CopyState.UNKNOWN);
          assertThat(report.copy().alive()).isTrue();
          assertThat(report.trouble()).contains("does not answer");
        });
    assertThat(core.run(FakeHost.order("1"), VM, new AgentStep.ReleaseDisks()))
        .isInstanceOf(StepReply.Failed.class);
    assertThat(host.disk("vm1")).isEqualTo(AttachState.HOLDER);
    assertThat(vm.told).isEmpty();
  }

  @Test
  void unreadableRecordsAreToldAndTheAdoptionIsTriedAgain() {
    host.running("vm1", 3);
    host.beforeAdopt =
        () -> {
          throw new IllegalStateException("no");
        };
    assertThatThrownBy(core::adopt).isInstanceOf(IllegalStateException.class);
    assertThat(core.run(FakeHost.order("1"), VM, new AgentStep.Inspect()))
        .isInstanceOf(StepReply.Refused.class);

    host.beforeAdopt = () -> {};
    core.adopt();
    assertThat(core.run(FakeHost.order("1"), VM, new AgentStep.Inspect()))
        .isInstanceOf(StepReply.Done.class);
  }
}
