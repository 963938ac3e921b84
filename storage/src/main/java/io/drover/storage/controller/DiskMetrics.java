package io.drover.storage.controller;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** What the disk controllers of one process count. */
public final class DiskMetrics {
  private static final class Shared {
    static final DiskMetrics INSTANCE = new DiskMetrics(CollectorRegistry.defaultRegistry);
  }

  final Counter requests;
  final Counter bytes;
  final Counter errors;
  final Counter removed;
  final Counter rejoined;
  final Counter badBlocks;
  final Counter repaired;

  public DiskMetrics(CollectorRegistry registry) {
    requests =
        Counter.build("drover_disk_requests_total", "Requests that disk controllers carried out")
            .labelNames("operation")
            .register(registry);
    bytes =
        Counter.build("drover_disk_bytes_total", "Bytes read, written and zeroed by controllers")
            .labelNames("operation")
            .register(registry);
    errors =
        Counter.build("drover_disk_errors_total", "Requests answered with an error, by reason")
            .labelNames("operation", "reason")
            .register(registry);
    removed =
        Counter.build("drover_disk_replica_removed_total", "Replicas removed from in-sync sets")
            .register(registry);
    rejoined =
        Counter.build("drover_disk_replica_rejoined_total", "Replicas that came back in sync")
            .register(registry);
    badBlocks =
        Counter.build("drover_disk_bad_blocks_total", "Blocks read that failed their checksum")
            .register(registry);
    repaired =
        Counter.build("drover_disk_repaired_blocks_total", "Bad blocks repaired from a peer")
            .register(registry);
  }

  /** Those in the default registry, which the node's metrics page shows. */
  public static DiskMetrics shared() {
    return Shared.INSTANCE;
  }
}
