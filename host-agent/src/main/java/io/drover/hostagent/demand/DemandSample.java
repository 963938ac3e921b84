package io.drover.hostagent.demand;

import io.drover.hostagent.vm.VmId;
import java.time.Instant;

/**
 * Load of a VM over one sample interval.
 *
 * @param at end of the interval
 * @param cpuUsedCores CPU time its virtual CPUs got, per second
 * @param cpuWaitedCores CPU time they were ready to use and did not get, per second, waiting behind
 *     the host's quota included
 * @param memoryBytes of host memory that the process holds
 */
public record DemandSample(
    VmId vm,
    Instant at,
    double cpuUsedCores,
    double cpuWaitedCores,
    long memoryBytes,
    double diskReadBytesPerSecond,
    double diskWriteBytesPerSecond,
    double netReceiveBytesPerSecond,
    double netTransmitBytesPerSecond) {

  /** What the VM would use if nothing held it back. */
  public double cpuDemandCores() {
    return cpuUsedCores + cpuWaitedCores;
  }
}
