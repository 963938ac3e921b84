package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Moves all machines off a host, for maintenance or before standby. */
final class Evacuation {
  private final Draft draft;
  private final Fleet fleet;

  Evacuation(Draft draft) {
    this.draft = draft;
    fleet = draft.fleet;
  }

  /** Where a machine would go. */
  record Leg(int v, int to) {}

  /**
   * Whether everything on the host fits elsewhere below {@code limitShare}: the legs, or empty. The
   * fleet is left as it was. Even spreading is tried first, tight packing second.
   */
  static Optional<List<Leg>> legs(Fleet fleet, int h, double limitShare) {
    Optional<List<Leg>> spread = tryOut(fleet, h, limitShare, false);
    return spread.isPresent() ? spread : tryOut(fleet, h, limitShare, true);
  }

  private static Optional<List<Leg>> tryOut(Fleet fleet, int h, double limit, boolean tight) {
    boolean took = fleet.takes[h];
    fleet.takes[h] = false;
    List<Leg> legs = new ArrayList<>();
    boolean all = true;
    for (int v : largestFirst(fleet, h)) {
      Optional<Integer> to =
          tight ? Places.tightest(fleet, v, limit) : Places.leastFull(fleet, v, limit);
      if (to.isEmpty()) {
        all = false;
        break;
      }
      legs.add(new Leg(v, to.get()));
      fleet.move(v, to.get());
    }
    for (Leg leg : legs.reversed()) {
      fleet.undo(leg.v(), h);
    }
    fleet.takes[h] = took;
    return all ? Optional.of(legs) : Optional.empty();
  }

  static List<Integer> largestFirst(Fleet fleet, int h) {
    List<Integer> order = new ArrayList<>(fleet.membersOf(h));
    order.sort(Comparator.comparingDouble((Integer v) -> -fleet.level(v)).thenComparing(v -> v));
    return order;
  }

  /**
   * Plans as many moves off the host as the limits allow. The answer says why a machine can go
   * nowhere at all, if there is one; machines that only wait for their turn are no reason.
   *
   * @param limitShare how full other hosts may get
   */
  Optional<String> plan(int h, Action.Purpose purpose, double limitShare, String why) {
    Optional<String> stuck = Optional.empty();
    List<Leg> planned = legs(fleet, h, draft.policy.packShare()).orElse(List.of());
    for (int v : largestFirst(fleet, h)) {
      if (draft.isDecided(v)) {
        continue;
      }
      Optional<String> blocked = blocked(v, purpose);
      if (blocked.isPresent()) {
        draft.vmReason(v, "cannot leave the draining host: " + blocked.get());
        stuck = stuck.or(() -> blocked.map(text -> fleet.vms.get(v).id() + " " + text));
        continue;
      }
      Optional<Integer> to = destination(planned, v, limitShare);
      if (to.isEmpty()) {
        String refusals = Places.refusals(fleet, v);
        draft.vmReason(v, "cannot leave the draining host: " + refusals);
        stuck = stuck.or(() -> Optional.of(fleet.vms.get(v).id() + " fits nowhere: " + refusals));
        continue;
      }
      Optional<String> busy = draft.busy(h).or(() -> draft.busy(to.get()));
      if (busy.isPresent()) {
        draft.vmReason(v, "waits to leave the draining host: " + busy.get());
        continue;
      }
      move(v, to.get(), purpose, why);
    }
    return stuck;
  }

  private Optional<Integer> destination(List<Leg> planned, int v, double limitShare) {
    for (Leg leg : planned) {
      if (leg.v() == v && Constraints.conflict(fleet, v, leg.to()).isEmpty()) {
        return Optional.of(leg.to());
      }
    }
    return Places.leastFull(fleet, v, draft.policy.packShare())
        .or(() -> Places.leastFull(fleet, v, limitShare));
  }

  private Optional<String> blocked(int v, Action.Purpose purpose) {
    VmView vm = fleet.vms.get(v);
    // An operator's drain is an order of its own: the cluster's mode does not hold it up, the
    // machine's does.
    Mode mode = purpose == Action.Purpose.EVACUATE ? vm.mode() : draft.modeOf(v);
    if (mode == Mode.OFF) {
      return Optional.of("its mode is off");
    }
    // A start or a move under way ends by itself.
    return vm.condition() == VmCondition.STARTING
        ? Optional.empty()
        : Constraints.immovable(fleet, v);
  }

  private void move(int v, int to, Action.Purpose purpose, String why) {
    VmView vm = fleet.vms.get(v);
    if (vm.condition() == VmCondition.STARTING) {
      draft.vmReason(v, "leaves the draining host once it has started");
      return;
    }
    MoveValue value = MoveValue.of(fleet, v, to, 0, Duration.ZERO);
    Mode mode = purpose == Action.Purpose.EVACUATE ? vm.mode() : draft.modeOf(v);
    draft.move(
        v,
        to,
        purpose,
        mode == Mode.RECOMMEND,
        new Explanation(
            why
                + "; %s will be %s full"
                    .formatted(
                        fleet.hosts.get(to).id(),
                        Words.share(fleet.loadWith(to, v), fleet.capacity(to))),
            List.of(vm.id() + ": " + vm.cpu().explanation()),
            0,
            value.cost(),
            value.risk(),
            List.of(new Explanation.Alternative("other hosts", Places.refusals(fleet, v)))));
  }
}
