package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import io.drover.hostagent.hypervisor.MigrationLimits;
import java.time.Duration;

/** How hard migrations away from this host may press. */
public record MigrationSettings(MigrationLimits limits) {
  private static final long MEBIBYTE = 1024 * 1024;

  static MigrationSettings read(ConfigReader r) {
    return new MigrationSettings(
        new MigrationLimits(
            r.bytes("bandwidth", MEBIBYTE, 1024 * 1024 * MEBIBYTE),
            r.duration("downtime", Duration.ofMillis(1), Duration.ofSeconds(2000))));
  }
}
