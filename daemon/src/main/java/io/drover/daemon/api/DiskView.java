package io.drover.daemon.api;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskStatus;
import io.drover.storage.version.Snapshot;
import java.util.List;
import java.util.Locale;

/**
 * A disk as the HTTP interface shows it.
 *
 * @param minInSync writes wait while a container has fewer copies in sync
 * @param acknowledge {@code page-cache} or {@code durable}
 * @param holder node that has the lease, empty if none
 * @param containers how many it has
 * @param degradedContainers how many have fewer copies in sync than {@code replicas}
 * @param nodes storage nodes that keep a copy of any container
 * @param placement every container with its copies
 */
record DiskView(
    String id,
    String name,
    long sizeBytes,
    int replicas,
    int minInSync,
    int blockSizeBytes,
    long containerBytes,
    String acknowledge,
    String holder,
    long leaseEpoch,
    int containers,
    long degradedContainers,
    long belowMinimumContainers,
    List<String> snapshots,
    List<String> nodes,
    List<DiskStatus.ContainerStatus> placement) {
  DiskView {
    snapshots = List.copyOf(snapshots);
    nodes = List.copyOf(nodes);
    placement = List.copyOf(placement);
  }

  static DiskView of(DiskStatus status) {
    Disk disk = status.disk();
    return new DiskView(
        disk.id().value(),
        disk.name(),
        disk.sizeBytes(),
        disk.policy().replicas(),
        disk.policy().minInSync(),
        disk.policy().blockSizeBytes(),
        disk.policy().containerBytes(),
        disk.policy().acknowledge().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        status.holder().orElse(""),
        status.leaseEpoch(),
        status.containers().size(),
        status.degradedContainers(),
        status.belowMinimumContainers(),
        disk.versions().snapshots().stream().map(Snapshot::name).toList(),
        status.containers().stream()
            .flatMap(container -> container.replicas().stream())
            .distinct()
            .sorted()
            .toList(),
        status.containers());
  }
}
