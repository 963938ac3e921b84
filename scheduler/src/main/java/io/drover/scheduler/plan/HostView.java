package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * One host as the planner sees it.
 *
 * @param cpuCores capacity for virtual machines, in cores (a quota counts as it is)
 * @param reachable the agent answers and its reports are fresh
 * @param maintenance an operator drains the host: it is evacuated, but neither powered off nor
 *     taken back by a plan
 * @param sleepBlocker why the host may not sleep (disks that would fall below their policy, a
 *     coordination peer); empty when it may
 * @param bootTime measured time from the order to wake until machines can be moved to it
 * @param linkBytesPerSecond what a migration to or from the host gets
 */
public record HostView(
    String id,
    double cpuCores,
    long memoryBytes,
    Platform platform,
    HostPower power,
    boolean reachable,
    boolean maintenance,
    Optional<String> sleepBlocker,
    Duration bootTime,
    double linkBytesPerSecond) {
  public HostView {
    if (!(cpuCores > 0) || Double.isInfinite(cpuCores)) {
      throw new IllegalArgumentException(
          "cpuCores of host " + id + " is " + cpuCores + "; accepted: above 0");
    }
  }

  /** May take machines now. */
  public boolean takesMachines() {
    return power == HostPower.ON && reachable && !maintenance;
  }

  /** Its machines are to leave. */
  public boolean evacuating() {
    return reachable && (maintenance || power == HostPower.DRAINING);
  }
}
