package io.drover.hostagent.settings;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * How the agent looks after its VMs and how long it lets steps take.
 *
 * @param checkInterval between looks at every VM
 * @param historySamples demand samples remembered per VM
 * @param shutdownTimeout a guest asked to power off that has not by then is ended
 * @param preCopyTimeout copying that has not come to the switch-over by then is given up
 * @param switchOverTimeout the rest not sent by then makes the switch-over undecided
 */
public record SupervisionSettings(
    Duration checkInterval,
    int historySamples,
    Duration shutdownTimeout,
    Duration preCopyTimeout,
    Duration switchOverTimeout) {

  static SupervisionSettings read(ConfigReader r) {
    Duration tenthOfSecond = Duration.ofMillis(100);
    Duration hour = Duration.ofHours(1);
    return new SupervisionSettings(
        r.duration("check-interval", tenthOfSecond, hour),
        r.integer("history-samples", 16, 100_000),
        r.duration("shutdown-timeout", tenthOfSecond, hour),
        r.duration("pre-copy-timeout", Duration.ofSeconds(1), Duration.ofHours(24)),
        r.duration("switch-over-timeout", Duration.ofSeconds(1), hour));
  }
}
