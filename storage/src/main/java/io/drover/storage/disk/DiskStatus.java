package io.drover.storage.disk;

import java.util.List;
import java.util.Optional;

/**
 * A disk with what the cluster knows of it now.
 *
 * @param holder node that holds the lease, empty when nobody does
 * @param leaseEpoch epoch of the latest holder, 0 before the first
 * @param containers in container order
 */
public record DiskStatus(
    Disk disk, Optional<String> holder, long leaseEpoch, List<ContainerStatus> containers) {

  public DiskStatus {
    containers = List.copyOf(containers);
  }

  /**
   * Where one container is kept.
   *
   * @param replicas nodes that keep or will keep a copy
   * @param inSync nodes whose copy has every acknowledged write
   */
  public record ContainerStatus(int index, List<String> replicas, List<String> inSync) {
    public ContainerStatus {
      replicas = List.copyOf(replicas);
      inSync = List.copyOf(inSync);
    }
  }

  /** Containers with fewer in-sync copies than the policy asks for. */
  public long degradedContainers() {
    return containers.stream().filter(c -> c.inSync().size() < disk.policy().replicas()).count();
  }

  /** Containers whose writes wait because too few copies are in sync. */
  public long belowMinimumContainers() {
    return containers.stream().filter(c -> c.inSync().size() < disk.policy().minInSync()).count();
  }

  /**
   * Whether the disk would keep its minimum of in-sync copies without one storage node; a host for
   * which this is false may not sleep.
   */
  public boolean survivesWithout(String nodeId) {
    return containers.stream()
        .allMatch(c ->
            c.inSync().stream().filter(n -> !n.equals(nodeId)).count()
                >= disk.policy().minInSync());
  }
}
