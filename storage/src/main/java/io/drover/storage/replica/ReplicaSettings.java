package io.drover.storage.replica;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * Settings of the replica service and its clients, section {@code drover.storage.replica}.
 *
 * @param port of the service; 0 picks a free one
 * @param reconnectPause how long calls fail at once after a failed attempt to connect
 * @param idleTimeout after which the service closes a silent connection
 * @param maxInFlightBytes of calls and answers on one connection
 */
public record ReplicaSettings(
    int port,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration reconnectPause,
    Duration idleTimeout,
    int maxConnections,
    int maxInFlightBytes) {

  /** Enough for a few of the largest calls, or one connection could wait for itself. */
  static final int LEAST_IN_FLIGHT_BYTES = 4 * LogRecord.MAX_DATA_BYTES;

  public ReplicaSettings {
    if (maxInFlightBytes < LEAST_IN_FLIGHT_BYTES) {
      throw new IllegalArgumentException(
          "maxInFlightBytes "
              + maxInFlightBytes
              + ": accepted is "
              + LEAST_IN_FLIGHT_BYTES
              + " or more");
    }
  }

  public static ReplicaSettings read(ConfigReader section) {
    return new ReplicaSettings(
        section.integer("port", 0, 65535),
        section.duration("connect-timeout", Duration.ofMillis(10), Duration.ofMinutes(1)),
        section.duration("request-timeout", Duration.ofMillis(50), Duration.ofMinutes(5)),
        section.duration("reconnect-pause", Duration.ofMillis(1), Duration.ofMinutes(1)),
        section.duration("idle-timeout", Duration.ofMillis(50), Duration.ofHours(1)),
        section.integer("max-connections", 1, 65536),
        Math.toIntExact(section.bytes("max-in-flight", LEAST_IN_FLIGHT_BYTES, 1 << 30)));
  }
}
