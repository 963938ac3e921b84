package io.drover.storage.replica;

import java.time.Duration;

/** Settings of the replica protocol as tests need them. */
public final class TestSettings {
  private TestSettings() {}

  /** No timeout that a busy machine could reach. */
  public static ReplicaSettings patient() {
    return withRequestTimeout(Duration.ofMinutes(2));
  }

  public static ReplicaSettings withRequestTimeout(Duration timeout) {
    return new ReplicaSettings(
        0,
        Duration.ofMinutes(1),
        timeout,
        Duration.ofMillis(1),
        Duration.ofMinutes(5),
        16,
        ReplicaSettings.LEAST_IN_FLIGHT_BYTES);
  }
}
