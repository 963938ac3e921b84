package io.drover.hostagent.qemu;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.hostagent.demand.DemandSample;
import io.drover.hostagent.demand.ProcDemandSampler;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.testing.Await;
import io.drover.hostagent.testing.GuestImage;
import io.drover.hostagent.testing.PlainDisk;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmId;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real machine's life on one host. */
@Tag("real")
class QemuVmRealTest {
  private static final VmId VM = new VmId("real-vm");

  @TempDir private Path folder;
  private GuestImage image;
  private PlainDisk disk;
  private TestHost host;
  private final List<VmEvent> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws Exception {
    image = GuestImage.get();
    disk = new PlainDisk(folder);
    host =
        new TestHost(
            "h1",
            folder,
            """
            drover.agent.network.mode = none
            drover.agent.hypervisor.disk-reconnect-delay = 1s
            """);
  }

  @AfterEach
  void close() throws Exception {
    host.close();
    disk.close();
  }

  @Test
  void machineBootsIsSampledStandsStillIsResetAndItsCrashIsNoticed() throws Exception {
    RunningVm vm = host.driver().start(launch(3, "drover.load=600"));
    vm.onEvent(events::add);
    TestHost.awaitConsole(vm, "drover-guest real-vm up", 1);
    Await.until("a write to its disk", () -> vm.diskCounters().writtenBytes() > 0);
    assertThat(vm.state()).isEqualTo(VmRunState.RUNNING);
    assertThat(vm.placementEpoch()).isEqualTo(3);

    DemandSample sample = sampleWhenLoaded(vm, 0.3);
    assertThat(sample.cpuDemandCores()).isBetween(0.3, 1.1);
    assertThat(sample.memoryBytes()).isGreaterThan(64L * 1024 * 1024);

    vm.pause();
    assertThat(vm.state()).isEqualTo(VmRunState.PAUSED);
    vm.resume();
    assertThat(vm.state()).isEqualTo(VmRunState.RUNNING);
    awaitEvent(new VmEvent.Stopped(VM));
    awaitEvent(new VmEvent.Resumed(VM));

    try (SocketChannel console =
            SocketChannel.open(UnixDomainSocketAddress.of(vm.consoleSocket()));
        Scanner shown = new Scanner(console, UTF_8)) {
      vm.reset();
      assertThat(shown.findWithinHorizon("drover-guest real-vm up", 0)).isNotNull();
    }
    TestHost.awaitConsole(vm, "drover-guest real-vm up", 2);

    ProcessHandle.of(vm.pid()).orElseThrow().destroyForcibly();
    Await.until(
        "the crash",
        () -> events.stream().anyMatch(VmEvent.Crashed.class::isInstance),
        events::toString);
    assertThat(vm.state()).isEqualTo(VmRunState.EXITED);
    assertThatThrownBy(vm::pause)
        .isInstanceOfSatisfying(
            HypervisorException.class,
            e -> assertThat(e.reason()).isEqualTo(HypervisorException.Reason.GONE));
    assertThat(new ProcDemandSampler().sample(vm, Instant.now())).isEmpty();
    vm.kill();
    assertThat(host.files(VM).record()).doesNotExist();

    List<VmEvent> late = new CopyOnWriteArrayList<>();
    vm.onEvent(late::add);
    Await.until("the crash told to a late listener", () -> late.size() == 1, late::toString);
  }

  @Test
  void restartedDaemonAdoptsItsMachineAndKillsWhatBelongsElsewhere() throws Exception {
    RunningVm before = host.driver().start(launch(5));
    TestHost.awaitConsole(before, "drover-guest real-vm up", 1);

    QemuDriver second = host.restart();
    List<RunningVm> adopted = second.adopt(Map.of(VM, 5L));
    assertThat(adopted).hasSize(1);
    RunningVm vm = adopted.getFirst();
    assertThat(vm.pid()).isEqualTo(before.pid());
    assertThat(vm.placementEpoch()).isEqualTo(5);
    assertThat(vm.state()).isEqualTo(VmRunState.RUNNING);
    vm.onEvent(events::add);
    vm.pause();
    awaitEvent(new VmEvent.Stopped(VM));
    vm.resume();
    awaitEvent(new VmEvent.Resumed(VM));
    // An agent whose adoption failed half-way tries again; the monitor serves one client only.
    assertThat(second.adopt(Map.of(VM, 5L))).hasSize(1).first().isSameAs(vm);
    assertThat(vm.state()).isEqualTo(VmRunState.RUNNING);

    QemuDriver third = host.restart();
    assertThat(third.adopt(Map.of(VM, 6L))).isEmpty();
    assertThat(ProcessIdentity.of(vm.pid())).isEmpty();
    assertThat(host.files(VM).record()).doesNotExist();
  }

  @Test
  void machineThatWasNeverRecordedIsKilledByTheNextDaemon() throws Exception {
    RunningVm vm = host.driver().start(launch(1));
    // As if the daemon had died between the start of the process and its record.
    Files.delete(host.files(VM).record());

    assertThat(host.restart().adopt(Map.of(VM, 1L))).isEmpty();
    assertThat(ProcessIdentity.of(vm.pid())).isEmpty();
  }

  @Test
  void diskThatIsGoneStopsTheMachineAndTheGuestSeesNoError() throws Exception {
    RunningVm vm = host.driver().start(launch(1));
    vm.onEvent(events::add);
    Await.until("a write to its disk", () -> vm.diskCounters().writtenBytes() > 0);

    disk.stop();
    Await.until(
        "the I/O error",
        () -> events.stream().anyMatch(e -> e instanceof VmEvent.IoError io && io.stopped()),
        events::toString);
    Await.until("that it stands still", () -> vm.state() == VmRunState.IO_ERROR);

    disk.restart();
    int verdicts = TestHost.console(vm).split("drover-verdict", -1).length - 1;
    Await.until(
        "that it goes on",
        () -> {
          if (vm.state() == VmRunState.IO_ERROR) {
            vm.resume();
          }
          return TestHost.console(vm).split("drover-verdict", -1).length - 1 > verdicts;
        });
    assertThat(TestHost.console(vm))
        .doesNotContain("failed")
        .contains("lost=0 stale=0 errors=0")
        .doesNotContainPattern("(lost|stale|errors)=[1-9]");
  }

  @Test
  void guestThatPowersOffIsNoCrashAndItsNextProcessIsLeftAlone() throws Exception {
    BootSource leaving =
        new BootSource.Kernel(
            image.kernel(),
            Optional.of(image.initrd()),
            "console=ttyS0 quiet rdinit=/bin/poweroff -- -f");
    RunningVm vm = host.driver().start(host.launch(VM, leaving, 1, disk.attachment()));
    vm.onEvent(events::add);
    awaitEvent(new VmEvent.Shutdown(VM, true));
    assertThat(vm.state()).isEqualTo(VmRunState.EXITED);

    RunningVm next = host.driver().start(launch(2));
    vm.kill();
    assertThat(next.state()).isEqualTo(VmRunState.RUNNING);
    assertThat(host.files(VM).record()).exists();
    next.onEvent(events::add);
    next.kill();
    awaitEvent(new VmEvent.Shutdown(VM, false));
    assertThat(host.files(VM).record()).doesNotExist();
  }

  @Test
  void machineWithSeveralDisksBootsFromTheFirst() throws Exception {
    PlainDisk first = new PlainDisk(folder, "first", bootSector("booted from the first"));
    PlainDisk second = new PlainDisk(folder, "second", bootSector("booted from the second"));
    try {
      RunningVm vm =
          host.driver()
              .start(
                  host.launch(
                      VM,
                      new BootSource.FirstDisk(),
                      1,
                      first.attachment(),
                      disk.attachment(),
                      second.attachment()));
      TestHost.awaitConsole(vm, "booted from the first", 1);
      vm.kill();
    } finally {
      first.close();
      second.close();
    }
  }

  /** The smallest boot loader: says a text on the first serial port and halts. */
  private static byte[] bootSector(String text) {
    byte[] code =
        HexFormat.of()
            .parseHex(
                "fa31c08ed8" // cli; ds = 0
                    + "be177c" // si = the text
                    + "baf803fc" // dx = the port
                    + "ac84c07403" // next: al = [si++]; if 0 go to halt
                    + "eeebf8" // out dx, al; go to next
                    + "f4ebfd"); // halt
    byte[] sector = new byte[512];
    System.arraycopy(code, 0, sector, 0, code.length);
    byte[] said = text.getBytes(US_ASCII);
    System.arraycopy(said, 0, sector, code.length, said.length);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    return sector;
  }

  @Test
  void machineThatCannotStartLeavesNothingAndSaysWhy() {
    BootSource missing = new BootSource.Kernel("/nonexistent/vmlinuz", Optional.empty(), "");
    assertThatThrownBy(() -> host.driver().start(host.launch(VM, missing, 1)))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("/nonexistent/vmlinuz");
    assertThat(host.files(VM).pidFile()).doesNotExist();
    assertThat(host.files(VM).record()).doesNotExist();
  }

  @Test
  void trialBootTellsWhetherKvmWorks() throws Exception {
    QemuDriver tried =
        QemuDriver.open(
            "h2",
            TestHost.settings(
                "drover.agent.hypervisor { trial-timeout = 5s, trial-kernel = \""
                    + image.kernel()
                    + "\" }"),
            folder.resolve("h2/data"),
            folder.resolve("h2/run"));
    try (tried) {
      RunningVm vm =
          tried.start(host.launch(new VmId("tried"), image.boot("tried"), 1, disk.attachment()));
      try {
        TestHost.awaitConsole(vm, "drover-guest tried up", 1);
      } finally {
        vm.kill();
      }
    }
  }

  private VmLaunch launch(long epoch, String... words) {
    return host.launch(VM, image.boot(VM.value(), words), epoch, disk.attachment());
  }

  private void awaitEvent(VmEvent event) throws Exception {
    Await.until(event.toString(), () -> events.contains(event), events::toString);
  }

  private static DemandSample sampleWhenLoaded(RunningVm vm, double cores) throws Exception {
    ProcDemandSampler sampler = new ProcDemandSampler();
    DemandSample[] last = new DemandSample[1];
    long[] takenAt = {0};
    Await.until(
        "a demand of " + cores + " cores",
        () -> {
          if (System.nanoTime() - takenAt[0] < 1_000_000_000L) {
            return false;
          }
          takenAt[0] = System.nanoTime();
          sampler.sample(vm, Instant.now()).ifPresent(sample -> last[0] = sample);
          return last[0] != null && last[0].cpuDemandCores() >= cores;
        },
        () -> String.valueOf(last[0]));
    return last[0];
  }
}
