package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.process.ShortCommand;
import io.drover.hostagent.testing.Await;
import io.drover.hostagent.testing.GuestImage;
import io.drover.hostagent.testing.PlainDisk;
import io.drover.hostagent.testing.TestNetwork;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real machine on its way from one host to another, both on one bridge and one disk server. */
@Tag("real")
class QemuMigrationRealTest {
  private static final VmId VM = new VmId("mover");
  private static final MigrationLimits LIMITS =
      new MigrationLimits(64 * 1024 * 1024, Duration.ofMillis(300));

  @TempDir private Path folder;
  private GuestImage image;
  private PlainDisk disk;
  private TestNetwork network;
  private TestHost source;
  private TestHost destination;

  @BeforeEach
  void open() throws Exception {
    image = GuestImage.get();
    network = TestNetwork.create("10.77.0.1/24");
    disk = new PlainDisk(folder);
    source = new TestHost("h1", folder, network.settings());
    destination = new TestHost("h2", folder, network.settings());
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    destination.close();
    disk.close();
    network.close();
  }

  @Test
  void machineMovesKeepsItsMemoryAndAnswersOnTheNetwork() throws Exception {
    RunningVm vm = startAtSource();
    assertThat(network.ports()).hasSize(1);
    network.awaitAnswer("10.77.0.2");
    assertThat(vm.netCounters().orElseThrow().transmittedBytes()).isPositive();

    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    assertThat(arriving.migrationUri()).startsWith("tcp:127.0.0.2:");
    assertThat(arriving.state()).isEqualTo(VmRunState.INCOMING);
    assertThat(vm.migration()).isEmpty();
    assertThat(arriving.migration()).isEmpty();
    // High, so that the bridge never takes one of them for its own.
    assertThat(network.ports()).hasSize(2).allMatch(port -> port.contains("link/ether fe:"));

    MigrationRun run = vm.migrateTo(arriving.migrationUri(), LIMITS);
    run.awaitPreSwitchover(Await.LIMIT);
    assertThat(vm.state()).isEqualTo(VmRunState.POST_MIGRATE);
    assertThat(arriving.state()).isEqualTo(VmRunState.INCOMING);

    run.continueSwitchover();
    run.awaitCompleted(Await.LIMIT);
    // The source calls it completed only once the destination has confirmed that it has everything.
    assertThat(arriving.state()).isEqualTo(VmRunState.PAUSED);
    assertThat(vm.state()).isEqualTo(VmRunState.POST_MIGRATE);
    assertThat(arriving.migration()).isEmpty();

    arriving.resume();
    arriving.announce();
    vm.kill();
    assertThat(arriving.state()).isEqualTo(VmRunState.RUNNING);
    network.awaitAnswer("10.77.0.2");
    assertThat(network.ports()).hasSize(1);
    TestHost.awaitConsole(arriving, "drover-verdict", 1);
    assertThat(TestHost.console(arriving))
        .contains("lost=0 stale=0 errors=0")
        .doesNotContain("drover-guest mover up");
  }

  @Test
  void numbersOfAMoveAreTold() throws Exception {
    RunningVm vm = startAtSource();
    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    MigrationRun run = vm.migrateTo(arriving.migrationUri(), LIMITS);
    run.awaitPreSwitchover(Await.LIMIT);
    run.continueSwitchover();
    run.awaitCompleted(Await.LIMIT);

    MigrationStats stats = vm.migration().orElseThrow().stats();
    assertThat(stats.phase()).isEqualTo(MigrationPhase.COMPLETED);
    assertThat(stats.transferredBytes()).isGreaterThan(10L * 1024 * 1024);
    assertThat(stats.memoryBytes()).isGreaterThanOrEqualTo(96L * 1024 * 1024);
    assertThat(stats.downtime()).isPositive().isLessThan(stats.total());
  }

  @Test
  void cancelledAtTheSwitchoverTheMachineGoesOnAtTheSource() throws Exception {
    RunningVm vm = startAtSource();
    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    MigrationRun run = vm.migrateTo(arriving.migrationUri(), LIMITS);
    run.awaitPreSwitchover(Await.LIMIT);

    run.cancel();
    assertThat(run.stats().phase()).isEqualTo(MigrationPhase.CANCELLED);
    Await.until("that it runs again", () -> vm.state() == VmRunState.RUNNING);
    arriving.kill();
    run.cancel();
    network.awaitAnswer("10.77.0.2");
  }

  @Test
  void destinationKilledAtTheSwitchoverLeavesTheMachineToTheSource() throws Exception {
    RunningVm vm = startAtSource();
    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    MigrationRun run = vm.migrateTo(arriving.migrationUri(), LIMITS);
    run.awaitPreSwitchover(Await.LIMIT);

    ProcessHandle.of(arriving.pid()).orElseThrow().destroyForcibly();
    Await.until("that it is gone", () -> arriving.state() == VmRunState.EXITED);
    assertThatThrownBy(
            () -> {
              run.continueSwitchover();
              run.awaitCompleted(Await.LIMIT);
            })
        .isInstanceOf(HypervisorException.class);
    Await.until("that it runs again", () -> vm.state() == VmRunState.RUNNING);
  }

  @Test
  void destinationThatHangsAtTheSwitchoverIsUndecidedAndCanBeGivenUp() throws Exception {
    RunningVm vm = startAtSource();
    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    MigrationRun run = vm.migrateTo(arriving.migrationUri(), LIMITS);
    run.awaitPreSwitchover(Await.LIMIT);

    signal("STOP", arriving.pid());
    run.continueSwitchover();
    // Everything may be on its way by now; without the destination's word it is not completed.
    assertThatThrownBy(() -> run.awaitCompleted(Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            HypervisorException.class,
            e -> assertThat(e.reason()).isEqualTo(HypervisorException.Reason.TIMED_OUT));
    run.cancel();
    Await.until("that it runs again", () -> vm.state() == VmRunState.RUNNING);

    signal("CONT", arriving.pid());
    Await.until(
        "that the other copy settles",
        () -> arriving.state() == VmRunState.PAUSED || arriving.state() == VmRunState.EXITED);
    assertThat(vm.state()).isEqualTo(VmRunState.RUNNING);
  }

  private static void signal(String name, long pid) throws IOException {
    ShortCommand.Outcome outcome =
        ShortCommand.run(List.of("kill", "-" + name, Long.toString(pid)), Await.LIMIT);
    assertThat(outcome.ok()).as(outcome.output()).isTrue();
  }

  @Test
  void daemonThatAdoptsTheSourceInTheMiddleCanFinishTheMove() throws Exception {
    RunningVm before = startAtSource();
    IncomingVm arriving = destination.driver().startIncoming(launch(destination, 2), "127.0.0.2");
    before.migrateTo(arriving.migrationUri(), LIMITS).awaitPreSwitchover(Await.LIMIT);

    RunningVm vm = source.restart().adopt(Map.of(VM, 1L)).getFirst();
    MigrationRun run = vm.migration().orElseThrow();
    assertThat(run.stats().phase()).isEqualTo(MigrationPhase.PRE_SWITCHOVER);
    run.continueSwitchover();
    run.awaitCompleted(Await.LIMIT);
    assertThat(arriving.state()).isEqualTo(VmRunState.PAUSED);
  }

  private RunningVm startAtSource() throws Exception {
    RunningVm vm = source.driver().start(launch(source, 1));
    TestHost.awaitConsole(vm, "drover-guest mover up", 1);
    return vm;
  }

  private VmLaunch launch(TestHost host, long epoch) {
    return host.launch(
        VM, image.boot(VM.value(), "drover.ip=10.77.0.2/24"), epoch, disk.attachment());
  }
}
