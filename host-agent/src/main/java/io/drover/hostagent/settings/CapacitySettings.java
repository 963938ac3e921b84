package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;

/**
 * What this host has for its VMs.
 *
 * @param cpuCores 0: all of the machine's
 * @param enforce whether a cgroup holds the VMs to {@code cpuCores}
 * @param memoryBytes 0: all of the machine's
 * @param cgroup folder under the cgroup mount
 */
public record CapacitySettings(double cpuCores, boolean enforce, long memoryBytes, String cgroup) {

  static CapacitySettings read(ConfigReader r) {
    double cores = r.number("cpu-cores", 0, 4096);
    boolean enforce = r.flag("enforce");
    // The kernel refuses quotas below one millisecond of its period.
    if (enforce && cores < 0.01) {
      r.reject("cpu-cores", "a number from 0.01 to 4096 when capacity.enforce is on");
    }
    String cgroup = r.string("cgroup");
    if (!cgroup.matches("[a-zA-Z0-9][a-zA-Z0-9._-]*(/[a-zA-Z0-9][a-zA-Z0-9._-]*)*")) {
      r.reject("cgroup", "a relative path of letters, digits and ._-");
    }
    return new CapacitySettings(cores, enforce, r.bytes("memory", 0, Long.MAX_VALUE), cgroup);
  }
}
