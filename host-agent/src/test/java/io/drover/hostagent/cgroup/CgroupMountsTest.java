package io.drover.hostagent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CgroupMountsTest {
  private static final String HYBRID =
      """
      tmpfs /sys/fs/cgroup tmpfs rw 0 0
      cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0
      cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
      """;

  @Test
  void controllerIsFoundBesideOthers() {
    assertThat(CgroupMounts.v1Cpu(HYBRID)).contains(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
    assertThat(CgroupMounts.v2(HYBRID)).contains(Path.of("/sys/fs/cgroup/unified"));
  }

  @Test
  void cpusetIsNotCpu() {
    String only = "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0\n";
    assertThat(CgroupMounts.v1Cpu(only)).isEmpty();
    assertThat(CgroupMounts.v2(only)).isEmpty();
  }
}
