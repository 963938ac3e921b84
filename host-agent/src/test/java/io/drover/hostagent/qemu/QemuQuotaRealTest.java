package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.demand.DemandSample;
import io.drover.hostagent.demand.ProcDemandSampler;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.testing.Await;
import io.drover.hostagent.testing.GuestImage;
import io.drover.hostagent.testing.PlainDisk;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An overloaded host and what a move does about it. */
@Tag("real")
class QemuQuotaRealTest {
  private static final VmId VM = new VmId("hungry");
  private static final Path CPU = Path.of("/sys/fs/cgroup/cpu");
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder;
  private final String cgroup = "drover-test-" + ThreadLocalRandom.current().nextInt(1_000_000);
  private GuestImage image;
  private PlainDisk disk;
  private TestHost narrow;
  private TestHost wide;

  @BeforeEach
  void open() throws Exception {
    image = GuestImage.get();
    disk = new PlainDisk(folder);
    narrow = new TestHost("narrow", folder, settings(0.4));
    wide = new TestHost("wide", folder, settings(2));
  }

  @AfterEach
  void close() throws Exception {
    narrow.close();
    wide.close();
    disk.close();
    // Also after a test that failed before its machines were under the quota.
    Files.deleteIfExists(CPU.resolve(cgroup));
  }

  private String settings(double cores) {
    return "drover.agent { network.mode = none, capacity { enforce = on, cpu-cores = "
        + cores
        + ", cgroup = \""
        + cgroup
        + "\" } }";
  }

  @Test
  void demandOfAThrottledMachineIsSeenAndAMoveRelievesIt() throws Exception {
    RunningVm vm = narrow.driver().start(narrow.launch(VM, boot(), 1, disk.attachment()));
    TestHost.awaitConsole(vm, "drover-guest hungry up", 1);
    assertThat(Files.readAllLines(CPU.resolve(cgroup).resolve("narrow/tasks")))
        .containsExactlyElementsOf(vm.vcpuThreads().stream().map(String::valueOf).toList());

    await(vm, "demand beyond the quota", SECOND, s -> s.cpuDemandCores() > 0.7);
    // In a short time it may get what it had left over before, too. In a long one it is at most the
    // quota; how much less depends on what else this machine does.
    DemandSample held = await(vm, "demand over a while", 5 * SECOND, s -> true);
    assertThat(held.cpuUsedCores()).isLessThan(0.45);
    assertThat(throttled("narrow")).isPositive();
    assertThat(held.cpuDemandCores()).isBetween(0.7, 1.1);

    IncomingVm arriving =
        wide.driver().startIncoming(wide.launch(VM, boot(), 2, disk.attachment()), "127.0.0.1");
    MigrationRun run =
        vm.migrateTo(
            arriving.migrationUri(), new MigrationLimits(64 << 20, Duration.ofMillis(300)));
    run.awaitPreSwitchover(Await.LIMIT);
    run.continueSwitchover();
    run.awaitCompleted(Await.LIMIT);
    arriving.resume();
    vm.kill();

    await(arriving, "the same demand after the move", SECOND, s -> s.cpuDemandCores() > 0.7);
    assertThat(throttled("wide")).isZero();
    arriving.kill();
    narrow.driver().close();
    wide.driver().close();
    assertThat(CPU.resolve(cgroup)).doesNotExist();
  }

  /** How many periods of the quota the host's machines were held back in. */
  private long throttled(String host) throws IOException {
    return Files.readAllLines(CPU.resolve(cgroup).resolve(host).resolve("cpu.stat")).stream()
        .filter(line -> line.startsWith("nr_throttled "))
        .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
        .sum();
  }

  private BootSource boot() {
    return image.boot(VM.value(), "drover.load=900");
  }

  /** Samples of so long a time each, until one is as wished. */
  private static DemandSample await(
      RunningVm vm, String what, long nanos, Predicate<DemandSample> wished) throws Exception {
    ProcDemandSampler sampler = new ProcDemandSampler();
    DemandSample[] last = new DemandSample[1];
    long[] takenAt = {0};
    Await.until(
        what,
        () -> {
          if (System.nanoTime() - takenAt[0] < nanos) {
            return false;
          }
          takenAt[0] = System.nanoTime();
          Optional<DemandSample> sample = sampler.sample(vm, Instant.now());
          sample.ifPresent(taken -> last[0] = taken);
          return sample.filter(wished).isPresent();
        },
        () -> String.valueOf(last[0]));
    return last[0];
  }
}
