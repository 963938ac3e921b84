package io.drover.hostagent.host;

/**
 * What a host is: capacity, and what a machine that moves here must match.
 *
 * @param address where it accepts the memory of machines that move here
 * @param sleepBlocker why it may not go to standby (a coordination peer, replicas of disks), empty
 *     if it may
 */
public record HostTraits(
    double cpuCores,
    long memoryBytes,
    String address,
    String accelerator,
    String machineType,
    String cpuModel,
    String sleepBlocker) {
  public HostTraits {
    if (!(cpuCores > 0) || Double.isInfinite(cpuCores)) {
      throw new IllegalArgumentException("cpuCores is " + cpuCores + ", accepted: above 0");
    }
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("memoryBytes is " + memoryBytes + ", accepted: above 0");
    }
  }
}
