package io.drover.daemon.node;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * Membership and messages between nodes ({@code drover.cluster}).
 *
 * @param port of the messages, on the node's address
 * @param stableAfter how long membership must be quiet before a minority takes itself down
 * @param acceptableHeartbeatPause silence that is no reason for suspicion
 * @param shutdownTimeout how long a stopping node waits for its actors
 */
public record ClusterSettings(
    int port, Duration stableAfter, Duration acceptableHeartbeatPause, Duration shutdownTimeout) {

  /** Reads {@code drover.cluster}. */
  public static ClusterSettings read(ConfigReader root) {
    ConfigReader r = root.section("drover").section("cluster");
    return new ClusterSettings(
        r.integer("port", 1, 65_535),
        r.duration("stable-after", Duration.ofSeconds(1), Duration.ofMinutes(5)),
        r.duration("acceptable-heartbeat-pause", Duration.ofSeconds(1), Duration.ofMinutes(1)),
        r.duration("shutdown-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)));
  }
}
