package io.drover.daemon.node;

import io.drover.config.ConfigReader;
import java.time.Duration;

/**
 * The HTTP interface of a node ({@code drover.api}).
 *
 * @param port for JSON and metrics, on the node's address
 * @param requestTimeout how long a request may wait for another part of the cluster
 * @param maxWaitingRequests requests that may wait at once
 */
public record ApiSettings(int port, Duration requestTimeout, int maxWaitingRequests) {

  /** Reads {@code drover.api}. */
  public static ApiSettings read(ConfigReader root) {
    ConfigReader r = root.section("drover").section("api");
    return new ApiSettings(
        r.integer("port", 1, 65_535),
        r.duration("request-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        r.integer("max-waiting-requests", 1, 10_000));
  }
}
