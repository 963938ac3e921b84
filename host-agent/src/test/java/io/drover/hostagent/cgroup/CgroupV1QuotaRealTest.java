package io.drover.hostagent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.CapacitySettings;
import io.drover.hostagent.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The quota on a real process of this machine. */
@Tag("real")
class CgroupV1QuotaRealTest {
  private final String folder = "drover-test-" + ThreadLocalRandom.current().nextInt(1_000_000);
  private final Path mount = mount();
  private final Path parent = mount.resolve(folder);

  private static Path mount() {
    try {
      return CgroupMounts.v1Cpu(Files.readString(Path.of("/proc/self/mounts"))).orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void cleanUp() throws IOException {
    for (String host : List.of("host1", "host2", "dead")) {
      Files.deleteIfExists(parent.resolve(host));
    }
    Files.deleteIfExists(parent);
  }

  @Test
  void quotaIsSetHeldAndRemovedWithItsLastThread() throws Exception {
    Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
    CpuQuota quota = CpuQuotas.open(new CapacitySettings(0.1, true, 0, folder), "host1");
    try {
      quota.hold(busy.pid(), List.of(busy.pid()));
      assertThat(parent.resolve("host1/cpu.cfs_quota_us")).hasContent("20000");
      assertThat(parent.resolve("host1/cpu.cfs_period_us")).hasContent("200000");
      assertThat(parent.resolve("host1/tasks")).hasContent(Long.toString(busy.pid()));
      Await.until(
          "throttling",
          () -> !Files.readString(parent.resolve("host1/cpu.stat")).contains("nr_throttled 0\n"));
      quota.close();
      assertThat(parent.resolve("host1")).isDirectory();
    } finally {
      busy.destroyForcibly();
    }
    busy.waitFor();
    Await.until("the group empty", () -> Files.readString(parent.resolve("host1/tasks")).isBlank());
    quota.close();
    assertThat(parent).doesNotExist();
  }

  @Test
  void groupsOfDeadHostsGoAndOnesThatWereTidiedUpAreMadeAgain() throws Exception {
    Files.createDirectories(parent.resolve("dead"));
    CpuQuota first = CpuQuotas.open(new CapacitySettings(0.2, true, 0, folder), "host1");
    assertThat(parent.resolve("dead")).doesNotExist();

    // A host that starts finds the first one's group empty and takes it for a dead host's.
    CpuQuota second = CpuQuotas.open(new CapacitySettings(0.3, true, 0, folder), "host2");
    assertThat(parent.resolve("host1")).doesNotExist();
    Process idle = new ProcessBuilder("sleep", "1000").start();
    try {
      first.hold(idle.pid(), List.of(idle.pid()));
      assertThat(parent.resolve("host1/cpu.cfs_quota_us")).hasContent("40000");
      assertThat(parent.resolve("host1/tasks")).hasContent(Long.toString(idle.pid()));
    } finally {
      idle.destroyForcibly();
    }
    idle.waitFor();
    second.close();
  }

  @Test
  void threadThatEndedMeanwhileIsPassedOver() throws Exception {
    CpuQuota quota = CpuQuotas.open(new CapacitySettings(0.2, true, 0, folder), "host1");
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    assertThat(ProcessIdentity.of(ended.pid())).isEmpty();
    quota.hold(ended.pid(), List.of(ended.pid()));
    assertThat(Files.readString(parent.resolve("host1/tasks"))).isBlank();
    quota.close();
  }
}
