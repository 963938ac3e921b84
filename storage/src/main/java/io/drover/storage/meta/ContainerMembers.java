package io.drover.storage.meta;

import java.util.ArrayList;
import java.util.List;

/**
 * Which storage nodes keep a container.
 *
 * @param epoch lease epoch under which the sets were last changed, 0 before any holder opened it
 * @param replicas nodes chosen by placement, distinct
 * @param inSync those whose copy has every acknowledged write
 */
public record ContainerMembers(long epoch, List<String> replicas, List<String> inSync) {
  public ContainerMembers {
    replicas = List.copyOf(replicas);
    inSync = List.copyOf(inSync);
    if (replicas.stream().distinct().count() != replicas.size() || !replicas.containsAll(inSync)) {
      throw new IllegalArgumentException(
          "in-sync " + inSync + " must be a part of distinct replicas " + replicas);
    }
  }

  /** A container that nobody has opened: all its replicas are equally empty. */
  public static ContainerMembers fresh(List<String> replicas) {
    return new ContainerMembers(0, replicas, replicas);
  }

  /** Whether no holder has opened it yet; nothing was ever written then. */
  public boolean neverOpened() {
    return epoch == 0;
  }

  /** The sets without one in-sync member. */
  public ContainerMembers without(String nodeId, long newEpoch) {
    return with(newEpoch, inSync.stream().filter(n -> !n.equals(nodeId)).toList());
  }

  /** The sets with one more in-sync member. */
  public ContainerMembers joinedBy(String nodeId, long newEpoch) {
    List<String> joined = new ArrayList<>(inSync);
    if (!joined.contains(nodeId)) {
      joined.add(nodeId);
    }
    return with(newEpoch, joined);
  }

  /** The same replicas with other members in sync. */
  public ContainerMembers with(long newEpoch, List<String> newInSync) {
    return new ContainerMembers(newEpoch, replicas, newInSync);
  }
}
