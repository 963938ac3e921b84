package io.drover.scheduler.settings;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * How the executor waits.
 *
 * @param reportStaleAfter a host silent for so long counts as unreachable: nothing is begun on it
 * @param hostLostAfter a host silent for so long is taken for dead: its machines are started
 *     elsewhere
 * @param stepTimeout for the answer to an order that does not copy memory
 * @param copyTimeout for the answer to one that does; above the agents' own
 * @param retryDelay before an order that must succeed in the end is given again
 * @param drainTimeout a host on its way to standby that is not empty by then stays on
 * @param wakeTimeout a woken host that has not reported by then is woken again
 */
public record ExecutionSettings(
    Duration reportStaleAfter,
    Duration hostLostAfter,
    Duration stepTimeout,
    Duration copyTimeout,
    Duration retryDelay,
    Duration drainTimeout,
    Duration wakeTimeout) {

  static ExecutionSettings read(ConfigReader r) {
    Duration second = Duration.ofSeconds(1);
    Duration tenMinutes = Duration.ofMinutes(10);
    Duration day = Duration.ofHours(24);
    Duration stale = r.duration("report-stale-after", second, tenMinutes);
    Duration lost = r.duration("host-lost-after", second, day);
    if (lost.compareTo(stale) < 0) {
      r.reject("host-lost-after", "at least report-stale-after");
    }
    return new ExecutionSettings(
        stale,
        lost,
        r.duration("step-timeout", second, tenMinutes),
        r.duration("copy-timeout", second, day),
        r.duration("retry-delay", Duration.ofMillis(50), tenMinutes),
        r.duration("drain-timeout", second, day),
        r.duration("wake-timeout", second, day));
  }
}
