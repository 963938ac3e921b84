package io.drover.storage.store;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** What the pools of one process report. */
public final class StoreMetrics {
  private static final class Shared {
    static final StoreMetrics INSTANCE = new StoreMetrics(CollectorRegistry.defaultRegistry);
  }

  final Gauge containers;
  final Gauge damagedContainers;
  final Gauge failedContainers;
  final Gauge capacityBytes;
  final Gauge usedBytes;
  final Counter appendedBytes;
  final Counter readBytes;
  final Counter refused;
  final Counter fenced;
  final Counter damagedRecords;
  final Counter repairedBlocks;
  final Counter cutBytes;
  final Counter reclaimedBytes;
  final Histogram appendSeconds;
  final Histogram flushSeconds;
  final Histogram syncSeconds;
  final Histogram readSeconds;

  public StoreMetrics(CollectorRegistry registry) {
    containers =
        Gauge.build("drover_store_containers", "Containers in the pool").register(registry);
    damagedContainers =
        Gauge.build(
                "drover_store_damaged_containers",
                "Containers whose log has records before the flush mark that cannot be read")
            .register(registry);
    failedContainers =
        Gauge.build(
                "drover_store_failed_containers",
                "Containers that take no writes since the disk under the pool failed")
            .register(registry);
    capacityBytes =
        Gauge.build("drover_store_capacity_bytes", "Size of the file system under the pool")
            .register(registry);
    usedBytes =
        Gauge.build("drover_store_used_bytes", "What is taken of it, with the reserved space")
            .register(registry);
    appendedBytes =
        Counter.build("drover_store_appended_bytes_total", "Bytes of data in appended records")
            .register(registry);
    readBytes =
        Counter.build("drover_store_read_bytes_total", "Bytes read and checked").register(registry);
    refused =
        Counter.build("drover_store_refused_appends_total", "Appends not carried out, by cause")
            .labelNames("reason")
            .register(registry);
    fenced =
        Counter.build("drover_store_fenced_calls_total", "Calls refused because of a lower epoch")
            .register(registry);
    damagedRecords =
        Counter.build(
                "drover_store_damaged_records_total",
                "Blocks and record headers found that fail their checksum or cannot be read")
            .register(registry);
    repairedBlocks =
        Counter.build("drover_store_repaired_blocks_total", "Blocks written back from a peer")
            .register(registry);
    cutBytes =
        Counter.build(
                "drover_store_cut_bytes_total", "Bytes beyond the flush mark lost with a crash")
            .register(registry);
    reclaimedBytes =
        Counter.build("drover_store_reclaimed_bytes_total", "Bytes given back by compaction")
            .register(registry);
    appendSeconds = histogram("drover_store_append_seconds", "Time of an append", registry);
    flushSeconds =
        histogram("drover_store_flush_seconds", "Time of a flush as its caller sees it", registry);
    syncSeconds =
        histogram("drover_store_sync_seconds", "Time of an fsync with its mark", registry);
    readSeconds = histogram("drover_store_read_seconds", "Time of a read", registry);
  }

  private static Histogram histogram(String name, String help, CollectorRegistry registry) {
    return Histogram.build(name, help)
        .buckets(.00001, .00005, .0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5)
        .register(registry);
  }

  /** Those in the default registry, which the node's metrics page shows. */
  public static StoreMetrics shared() {
    return Shared.INSTANCE;
  }
}
