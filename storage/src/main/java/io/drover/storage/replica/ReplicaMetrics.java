package io.drover.storage.replica;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** What the replica service and its clients of one process report. */
public final class ReplicaMetrics {
  private static final class Shared {
    static final ReplicaMetrics INSTANCE = new ReplicaMetrics(CollectorRegistry.defaultRegistry);
  }

  final Gauge connections;
  final Counter refusedConnections;
  final Counter protocolErrors;
  final Histogram servedSeconds;
  final Counter failedCalls;
  final Histogram callSeconds;
  final Counter lostConnections;

  public ReplicaMetrics(CollectorRegistry registry) {
    connections =
        Gauge.build("drover_replica_connections", "Clients connected to the replica service now")
            .register(registry);
    refusedConnections =
        Counter.build(
                "drover_replica_connections_refused_total", "Clients beyond the allowed number")
            .register(registry);
    protocolErrors =
        Counter.build(
                "drover_replica_protocol_errors_total",
                "Connections ended since the other side broke the protocol")
            .register(registry);
    servedSeconds =
        histogram("drover_replica_served_seconds", "Time to serve a call of a client", registry);
    failedCalls =
        Counter.build("drover_replica_failed_calls_total", "Calls answered with a failure")
            .labelNames("call", "reason")
            .register(registry);
    callSeconds =
        histogram(
            "drover_replica_call_seconds",
            "Time of a call to another node until its answer",
            registry);
    lostConnections =
        Counter.build(
                "drover_replica_lost_connections_total", "Connections to a storage node that broke")
            .labelNames("node")
            .register(registry);
  }

  private static Histogram histogram(String name, String help, CollectorRegistry registry) {
    return Histogram.build(name, help)
        .labelNames("call")
        .buckets(.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5, 10)
        .register(registry);
  }

  /** Those in the default registry, which the node's metrics page shows. */
  public static ReplicaMetrics shared() {
    return Shared.INSTANCE;
  }
}
