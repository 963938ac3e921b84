package io.drover.scheduler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds places for machines that shall run and have none, the most demanding first. */
final class Starter {
  private final Draft draft;
  private final Fleet fleet;
  private final List<Integer> homeless = new ArrayList<>();

  Starter(Draft draft) {
    this.draft = draft;
    fleet = draft.fleet;
  }

  void plan() {
    List<Integer> waiting = new ArrayList<>();
    for (int v = 0; v < fleet.vms.size(); v++) {
      if (fleet.vms.get(v).condition() == VmCondition.UNPLACED) {
        waiting.add(v);
      }
    }
    waiting.sort(
        Comparator.comparingDouble((Integer v) -> -fleet.vms.get(v).reservedCores())
            .thenComparingDouble(v -> -fleet.level(v))
            .thenComparing(v -> v));
    for (int v : waiting) {
      start(v);
    }
  }

  /** Machines for which no powered host had room. */
  List<Integer> homeless() {
    return homeless;
  }

  private void start(int v) {
    VmView vm = fleet.vms.get(v);
    Optional<String> noFailover =
        Failover.missing(fleet, Fleet.NOWHERE, fleet.level(v), vm.memoryBytes());
    Optional<Integer> place = noFailover.isPresent() ? Optional.empty() : Places.anywhere(fleet, v);
    if (place.isEmpty()) {
      homeless.add(v);
      draft.vmReason(
          v, "waits for a place: " + noFailover.orElseGet(() -> Places.refusals(fleet, v)));
      return;
    }
    int h = place.get();
    String summary =
        "%s is the least full host for it: %s with it"
            .formatted(
                fleet.hosts.get(h).id(), Words.share(fleet.loadWith(h, v), fleet.capacity(h)));
    draft.start(
        v,
        h,
        new Explanation(
            summary,
            List.of(vm.id() + ": " + vm.cpu().explanation()),
            0,
            0,
            0,
            List.of(new Explanation.Alternative("other hosts", Places.refusals(fleet, v)))));
  }
}
