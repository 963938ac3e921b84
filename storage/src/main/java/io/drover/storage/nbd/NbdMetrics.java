package io.drover.storage.nbd;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** What the NBD servers of one process report. */
public final class NbdMetrics {
  private static final class Shared {
    static final NbdMetrics INSTANCE = new NbdMetrics(CollectorRegistry.defaultRegistry);
  }

  final Gauge connections;
  final Gauge inFlight;
  final Counter refused;
  final Counter late;
  final Counter protocolErrors;
  final Counter errors;
  final Counter bytes;
  final Histogram seconds;

  public NbdMetrics(CollectorRegistry registry) {
    connections =
        Gauge.build("drover_nbd_connections", "NBD clients connected now").register(registry);
    inFlight =
        Gauge.build("drover_nbd_requests_in_flight", "NBD requests being served now")
            .register(registry);
    refused =
        Counter.build("drover_nbd_connections_refused_total", "Clients beyond the allowed number")
            .register(registry);
    late =
        Counter.build(
                "drover_nbd_connections_late_total",
                "Connections ended since the client kept the server waiting")
            .register(registry);
    protocolErrors =
        Counter.build(
                "drover_nbd_protocol_errors_total",
                "Connections ended since the client broke rules")
            .register(registry);
    errors =
        Counter.build("drover_nbd_errors_total", "NBD requests that failed, by command and cause")
            .labelNames("command", "reason")
            .register(registry);
    bytes =
        Counter.build("drover_nbd_bytes_total", "Payload bytes read and written through NBD")
            .labelNames("command")
            .register(registry);
    seconds =
        Histogram.build("drover_nbd_request_seconds", "Time from a request's arrival to its reply")
            .labelNames("command")
            .buckets(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 30)
            .register(registry);
  }

  /** Those in the default registry, which the node's metrics page shows. */
  public static NbdMetrics shared() {
    return Shared.INSTANCE;
  }
}
