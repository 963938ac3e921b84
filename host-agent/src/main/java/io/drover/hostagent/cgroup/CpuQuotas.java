package io.drover.hostagent.cgroup;

import io.drover.hostagent.settings.CapacitySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Chooses the kind of quota that the settings ask for and the machine offers. */
public final class CpuQuotas {
  private CpuQuotas() {}

  /**
   * The quota of a host.
   *
   * @throws IOException when the settings enforce a quota and the machine allows none
   */
  public static CpuQuota open(CapacitySettings settings, String host) throws IOException {
    if (!settings.enforce()) {
      return CpuQuota.NONE;
    }
    String mounts = Files.readString(Path.of("/proc/self/mounts"));
    CpuBandwidth bandwidth = CpuBandwidth.ofCores(settings.cpuCores());
    Optional<Path> v1 = CgroupMounts.v1Cpu(mounts);
    Optional<Path> v2 = CgroupMounts.v2(mounts).filter(CpuQuotas::hasCpu);
    try {
      if (v1.isPresent()) {
        CgroupV1Quota quota = new CgroupV1Quota(v1.get(), settings.cgroup(), host, bandwidth);
        quota.open();
        return quota;
      }
      if (v2.isPresent()) {
        CgroupV2Quota quota = new CgroupV2Quota(v2.get(), settings.cgroup(), host, bandwidth);
        quota.open();
        return quota;
      }
    } catch (IOException e) {
      throw new IOException(
          "drover.agent.capacity.enforce is on, but the cgroup cannot be made (root is needed): "
              + e.getMessage(),
          e);
    }
    throw new IOException(
        "drover.agent.capacity.enforce is on, but no cgroup file system with the cpu controller is"
            + " mounted; mount one or turn it off");
  }

  private static boolean hasCpu(Path mount) {
    try {
      String controllers = Files.readString(mount.resolve("cgroup.controllers")).strip();
      return Arrays.asList(controllers.split(" ", -1)).contains("cpu");
    } catch (IOException e) {
      return false;
    }
  }
}
