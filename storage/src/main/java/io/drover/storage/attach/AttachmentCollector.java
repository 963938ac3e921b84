package io.drover.storage.attach;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** Shows the health of all attached disks on the metrics page, asked at each scrape. */
final class AttachmentCollector extends Collector {
  private static final List<String> LABELS = List.of("disk");

  private final DiskAttachments attachments;

  AttachmentCollector(DiskAttachments attachments) {
    this.attachments = attachments;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily held =
        family("drover_disk_held", "Whether this node holds the disk and serves it");
    GaugeMetricFamily waiting =
        family("drover_disk_waiting_requests", "Requests under way or waiting now");
    GaugeMetricFamily degraded =
        family("drover_disk_degraded_containers", "Containers with too few copies in sync");
    GaugeMetricFamily below =
        family("drover_disk_below_minimum_containers", "Containers whose writes wait for copies");
    for (AttachedDisk disk : attachments.all()) {
      List<String> labels = List.of(disk.disk().name());
      AttachHealth health = disk.health();
      held.addMetric(labels, health.serving() ? 1 : 0);
      waiting.addMetric(labels, health.waitingIo());
      degraded.addMetric(labels, health.degradedContainers());
      below.addMetric(labels, health.belowMinimumContainers());
    }
    return List.of(held, waiting, degraded, below);
  }

  private static GaugeMetricFamily family(String name, String help) {
    return new GaugeMetricFamily(name, help, LABELS);
  }
}
