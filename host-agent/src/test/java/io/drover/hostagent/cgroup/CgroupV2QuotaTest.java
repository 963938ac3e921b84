package io.drover.hostagent.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written where; on plain files, as many machines have no version 2 with the controller.
 */
class CgroupV2QuotaTest {
  @TempDir private Path mount;

  @Test
  void processGoesToTheHostsGroupAndItsVcpusUnderTheQuota() throws Exception {
    CgroupV2Quota quota = new CgroupV2Quota(mount, "drover", "host1", CpuBandwidth.ofCores(0.5));
    quota.open();
    Path host = mount.resolve("drover/host1");
    Files.writeString(host.resolve("cgroup.procs"), "");
    quota.hold(4_000_001, List.of(4_000_002L));

    assertThat(mount.resolve("cgroup.subtree_control")).hasContent("+cpu");
    assertThat(mount.resolve("drover/cgroup.subtree_control")).hasContent("+cpu");
    assertThat(host.resolve("cgroup.subtree_control")).hasContent("+cpu");
    assertThat(host.resolve("vcpus/cgroup.type")).hasContent("threaded");
    assertThat(host.resolve("vcpus/cpu.max")).hasContent("100000 200000");
    assertThat(host.resolve("cgroup.procs")).hasContent("4000001");
    assertThat(host.resolve("vcpus/cgroup.threads")).hasContent("4000002");
  }

  @Test
  void processThatIsThereAlreadyIsNotMovedAgainWhichWouldFreeItsVcpus() throws Exception {
    CgroupV2Quota quota = new CgroupV2Quota(mount, "drover", "host1", CpuBandwidth.ofCores(0.5));
    quota.open();
    Path procs = mount.resolve("drover/host1/cgroup.procs");
    Files.writeString(procs, "17\n4000001\n");
    quota.hold(4_000_001, List.of(4_000_002L));

    assertThat(Files.readString(procs)).isEqualTo("17\n4000001\n");
  }
}
