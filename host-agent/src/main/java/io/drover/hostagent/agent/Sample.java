package io.drover.hostagent.agent;

import java.time.Instant;

/**
 * What a virtual machine used, and what CPU it waited for, in the interval that ended at {@code
 * at}.
 *
 * <p>Demand for CPU is used + waited: what the machine would have used if nothing had held it back.
 */
public record Sample(
    Instant at,
    double cpuUsedCores,
    double cpuWaitedCores,
    long memoryBytes,
    double diskReadBytesPerSecond,
    double diskWriteBytesPerSecond,
    double netReceiveBytesPerSecond,
    double netTransmitBytesPerSecond) {

  /** CPU the machine would have used. */
  public double cpuDemandCores() {
    return cpuUsedCores + cpuWaitedCores;
  }
}
