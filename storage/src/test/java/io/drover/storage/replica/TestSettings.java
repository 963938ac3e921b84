package io.drover.storage.replica;

import java.time.Duration;

/** Settings of the replica protocol as tests need them. */
public final class TestSettings {
  private TestSettings() {}

  /** No timeout that a busy machine could reach. */
  public static ReplicaSettings patient() {
    return of(Duration.ofMinutes(2), Duration.ofMillis(1), Duration.ofMinutes(5), 16);
  }

  public static ReplicaSettings withRequestTimeout(Duration timeout) {
    return of(timeout, Duration.ofMillis(1), Duration.ofMinutes(5), 16);
  }

  public static ReplicaSettings of(
      Duration requestTimeout, Duration reconnectPause, Duration idleTimeout, int maxConnections) {
    return new ReplicaSettings(
        0,
        Duration.ofMinutes(1),
        requestTimeout,
        reconnectPause,
        idleTimeout,
        maxConnections,
        ReplicaSettings.LEAST_IN_FLIGHT_BYTES);
  }
}
