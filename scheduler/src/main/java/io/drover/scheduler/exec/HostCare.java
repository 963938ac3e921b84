package io.drover.scheduler.exec;

import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.power.PowerStatus;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.time.Instant;

/**
 * Says what has to be done about a host's power, from its record and from what is seen of it; a
 * pure function.
 *
 * <pre>
 * record                    seen                                               deed
 * ON                        -                                                  NOTHING
 * DRAINING                  (an operator drains it)                            NOTHING
 * DRAINING, then standby    no machines, reports or lost                       POWER_OFF
 * DRAINING, then standby    no machines, silent, has no power                  RECORD_STANDBY
 * DRAINING, then standby    machines for longer than the drain may take        STAY_ON
 * STANDBY                   reports for a while                                RECORD_ON
 * WAKING                    reported since                                     RECORD_ON
 * WAKING                    not asked by this scheduler, or silent too long    POWER_ON
 * </pre>
 */
final class HostCare {
  private HostCare() {}

  /** What to do. */
  enum Deed {
    NOTHING,
    POWER_OFF,
    RECORD_STANDBY,
    STAY_ON,
    POWER_ON,
    RECORD_ON
  }

  /**
   * What is seen of a host.
   *
   * @param empty no machine is placed on it, reported by it or on its way from or to it
   * @param reportedAt when its newest report came; {@link Instant#MIN} if none did
   * @param askedToWake this scheduler told it to power on since it is waking
   */
  record Sight(
      boolean reachable,
      boolean lost,
      boolean empty,
      Instant reportedAt,
      PowerStatus power,
      boolean askedToWake) {}

  static Deed decide(HostRecord host, Sight sight, ExecutionSettings limits, Instant now) {
    Duration inState = Duration.between(host.since(), now);
    return switch (host.power()) {
      case ON -> Deed.NOTHING;
      case DRAINING -> host.thenStandby() ? draining(sight, limits, inState) : Deed.NOTHING;
      case STANDBY ->
          // The last report may have been under way when the host was switched off.
          sight.reachable()
                  && sight.reportedAt().isAfter(host.since().plus(limits.reportStaleAfter()))
              ? Deed.RECORD_ON
              : Deed.NOTHING;
      case WAKING -> {
        if (sight.reachable() && sight.reportedAt().isAfter(host.since())) {
          yield Deed.RECORD_ON;
        }
        boolean late = inState.compareTo(limits.wakeTimeout()) >= 0;
        yield late || !sight.askedToWake() ? Deed.POWER_ON : Deed.NOTHING;
      }
    };
  }

  private static Deed draining(Sight sight, ExecutionSettings limits, Duration inState) {
    if (!sight.empty()) {
      return inState.compareTo(limits.drainTimeout()) >= 0 ? Deed.STAY_ON : Deed.NOTHING;
    }
    if (sight.reachable() || sight.lost()) {
      return Deed.POWER_OFF;
    }
    return sight.power() == PowerStatus.OFF ? Deed.RECORD_STANDBY : Deed.NOTHING;
  }
}
