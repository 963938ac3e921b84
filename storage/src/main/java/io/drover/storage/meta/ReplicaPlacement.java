package io.drover.storage.meta;

import io.drover.storage.disk.DiskException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Chooses the storage nodes of new containers: distinct ones, those with the least first. */
public final class ReplicaPlacement {
  private ReplicaPlacement() {}

  /**
   * Places containers one after another, counting each choice as use. Pure and deterministic: equal
   * use is decided by the node's name.
   *
   * @param liveNodes candidates
   * @param containersByNode containers that each node keeps already; absent means none
   * @throws DiskException.NotEnoughNodes when fewer nodes are alive than replicas are wanted
   */
  public static List<ContainerMembers> place(
      int containers,
      int replicas,
      Collection<String> liveNodes,
      Map<String, Integer> containersByNode)
      throws DiskException.NotEnoughNodes {
    TreeSet<String> candidates = new TreeSet<>(liveNodes);
    if (candidates.size() < replicas) {
      throw new DiskException.NotEnoughNodes(replicas, candidates.size());
    }
    Map<String, Integer> use = new HashMap<>();
    candidates.forEach(n -> use.put(n, containersByNode.getOrDefault(n, 0)));
    Comparator<String> leastUsed =
        Comparator.comparingInt((String n) -> use.getOrDefault(n, 0))
            .thenComparing(Comparator.naturalOrder());
    List<ContainerMembers> placed = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      List<String> chosen = candidates.stream().sorted(leastUsed).limit(replicas).toList();
      chosen.forEach(n -> use.merge(n, 1, Integer::sum));
      placed.add(ContainerMembers.fresh(chosen));
    }
    return placed;
  }
}
