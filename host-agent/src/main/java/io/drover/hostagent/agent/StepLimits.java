package io.drover.hostagent.agent;

import java.time.Duration;

/**
 * How long steps may take and how hard they may press.
 *
 * @param listenAddress where incoming copies accept their stream
 * @param downtime the switch-over starts once what is left fits into this time
 * @param preCopy copying that has not come to the switch-over by then is given up
 * @param switchOver the rest that has not been sent by then is undecided
 * @param shutdown a guest that has not powered off by then is ended
 */
public record StepLimits(
    String listenAddress,
    long bandwidthBytesPerSecond,
    Duration downtime,
    Duration preCopy,
    Duration switchOver,
    Duration shutdown) {}
