package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.settings.AgentSettings;
import java.time.Duration;

/**
 * How long steps may take and how hard they may press.
 *
 * @param listenAddress where incoming copies accept their stream
 * @param preCopy copying that has not come to the switch-over by then is given up
 * @param switchOver the rest that has not been sent by then is undecided
 * @param shutdown a guest that has not powered off by then is ended
 */
record StepLimits(
    String listenAddress,
    MigrationLimits migration,
    Duration preCopy,
    Duration switchOver,
    Duration shutdown) {

  static StepLimits of(String listenAddress, AgentSettings settings) {
    return new StepLimits(
        listenAddress,
        settings.migration().limits(),
        settings.supervision().preCopyTimeout(),
        settings.supervision().switchOverTimeout(),
        settings.supervision().shutdownTimeout());
  }
}
