package io.drover.hostagent.hypervisor;

import java.time.Duration;

/**
 * How hard a migration may press.
 *
 * @param maxBandwidthBytesPerSecond for the copy
 * @param downtime the switch-over starts once what is left fits into this time
 */
public record MigrationLimits(long maxBandwidthBytesPerSecond, Duration downtime) {
  public MigrationLimits {
    if (maxBandwidthBytesPerSecond < 1024 * 1024) {
      throw new IllegalArgumentException(
          "maxBandwidthBytesPerSecond " + maxBandwidthBytesPerSecond + " must be at least 1048576");
    }
    if (downtime.toMillis() < 1 || downtime.toSeconds() > 2000) {
      throw new IllegalArgumentException("downtime " + downtime + " must be from 1 ms to 2000 s");
    }
  }
}
