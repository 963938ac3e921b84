package io.drover.storage.controller;

import io.drover.storage.meta.ContainerMembers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Decides which members leave the in-sync set, and which serve a read. Pure. */
final class MembershipRule {
  private MembershipRule() {}

  /**
   * The failed in-sync members to remove: all of them when those that are left are enough for the
   * policy, else none. Removing some without being able to go on would only make it harder to come
   * back, since every member that stays listed must return.
   */
  static List<String> toRemove(Collection<String> inSync, Set<String> failed, int minInSync) {
    List<String> leaving = inSync.stream().filter(failed::contains).toList();
    return inSync.size() - leaving.size() >= Math.max(1, minInSync) ? leaving : List.of();
  }

  /**
   * The sets without a member whose copy is gone; unchanged when it is the last one listed, since
   * then nobody has a copy and whoever is listed must be waited for.
   */
  static ContainerMembers withoutEmptied(ContainerMembers members, String node, long epoch) {
    return members.inSync().size() > 1 && members.inSync().contains(node)
        ? members.without(node, epoch)
        : members;
  }

  /** Readable members in the order to try: the local one, then the others beginning at a turn. */
  static List<String> readOrder(List<String> readable, String localNode, int turn) {
    List<String> order = new ArrayList<>();
    if (readable.contains(localNode)) {
      order.add(localNode);
    }
    List<String> others = readable.stream().filter(n -> !n.equals(localNode)).toList();
    for (int i = 0; i < others.size(); i++) {
      order.add(others.get(Math.floorMod(turn + i, others.size())));
    }
    return order;
  }
}
