package io.drover.scheduler.plan;

import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.power.PowerMemory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Everything a plan is made from. Hosts and machines are kept in the order of their names, so that
 * a plan does not depend on the order in which reports came in.
 *
 * @param migrations what earlier migrations taught
 * @param power the memory the previous plan returned; {@link PowerMemory#fresh} at first
 */
public record ClusterState(
    List<HostView> hosts,
    List<VmView> vms,
    List<MoveInFlight> moves,
    List<PlacementRule> rules,
    MigrationModel migrations,
    PowerMemory power) {
  public ClusterState {
    hosts = hosts.stream().sorted(Comparator.comparing(HostView::id)).toList();
    vms = vms.stream().sorted(Comparator.comparing(VmView::id)).toList();
    moves = moves.stream().sorted(Comparator.comparing(MoveInFlight::vm)).toList();
    rules = List.copyOf(rules);
    requireDistinct(hosts.stream().map(HostView::id).toList(), "host");
    requireDistinct(vms.stream().map(VmView::id).toList(), "VM");
  }

  public Optional<HostView> host(String id) {
    return hosts.stream().filter(host -> host.id().equals(id)).findFirst();
  }

  public Optional<VmView> vm(String id) {
    return vms.stream().filter(vm -> vm.id().equals(id)).findFirst();
  }

  private static void requireDistinct(List<String> sorted, String what) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).equals(sorted.get(i - 1))) {
        throw new IllegalArgumentException(what + " " + sorted.get(i) + " is listed twice");
      }
    }
  }
}
