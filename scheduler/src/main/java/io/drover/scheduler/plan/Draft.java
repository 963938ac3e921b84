package io.drover.scheduler.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A plan while it is being made: the actions so far, the reasons so far, and the limits on moves.
 */
final class Draft {
  final Fleet fleet;
  final Policy policy;
  final Instant now;
  final List<Action> actions = new ArrayList<>();
  final Map<String, String> hostReasons = new TreeMap<>();
  final Map<String, String> vmReasons = new TreeMap<>();

  private final int[] movesAt;
  private int moves;
  private final Set<Integer> decided = new HashSet<>();

  Draft(Fleet fleet, Instant now) {
    this.fleet = fleet;
    this.policy = fleet.policy;
    this.now = now;
    movesAt = new int[fleet.hosts.size()];
    for (MoveInFlight move : fleet.state.moves()) {
      moves++;
      count(fleet.indexOf(move.from()));
      count(fleet.indexOf(move.to()));
      int v = fleet.vmIndexOf(move.vm());
      if (v != Fleet.NOWHERE) {
        decided.add(v);
        vmReasons.put(move.vm(), "is being moved from %s to %s".formatted(move.from(), move.to()));
      }
    }
  }

  /** The stricter of the cluster's mode and the machine's. */
  Mode modeOf(int v) {
    Mode own = fleet.vms.get(v).mode();
    return own.compareTo(policy.mode()) > 0 ? own : policy.mode();
  }

  /** True once this plan has said something about the machine. */
  boolean isDecided(int v) {
    return decided.contains(v);
  }

  /** Why no further move may touch the host now. */
  Optional<String> busy(int h) {
    if (moves >= policy.moves().maxConcurrent()) {
      return Optional.of("%d moves are under way, which is the limit".formatted(moves));
    }
    if (movesAt[h] >= policy.moves().maxConcurrentPerHost()) {
      return Optional.of(
          "%d moves touch %s, which is the limit".formatted(movesAt[h], fleet.hosts.get(h).id()));
    }
    return Optional.empty();
  }

  /** Why the machine must rest where it is. */
  Optional<String> resting(int v) {
    return fleet
        .vms
        .get(v)
        .lastMoved()
        .map(last -> last.plus(policy.moves().cooldown()))
        .filter(now::isBefore)
        .map(until -> "was moved lately and rests until " + until);
  }

  /** Adds a move. One that waits for approval leaves the fleet as it is: it may never happen. */
  void move(int v, int to, Action.Purpose purpose, boolean needsApproval, Explanation why) {
    int from = fleet.placeOf(v);
    String vm = fleet.vms.get(v).id();
    String source = fleet.hosts.get(from).id();
    String target = fleet.hosts.get(to).id();
    actions.add(new Action.Move(vm, source, target, purpose, needsApproval, why));
    decided.add(v);
    vmReasons.put(
        vm,
        (needsApproval ? "a move to %s waits for approval: " : "moves to %s: ").formatted(target)
            + why.summary());
    if (!needsApproval) {
      moves++;
      count(from);
      count(to);
      fleet.move(v, to);
    }
  }

  void start(int v, int h, Explanation why) {
    String vm = fleet.vms.get(v).id();
    String host = fleet.hosts.get(h).id();
    actions.add(new Action.StartVm(vm, host, false, why));
    decided.add(v);
    vmReasons.put(vm, "starts on " + host + ": " + why.summary());
    fleet.settle(v, h);
  }

  void hostReason(int h, String reason) {
    hostReasons.put(fleet.hosts.get(h).id(), reason);
  }

  void vmReason(int v, String reason) {
    vmReasons.putIfAbsent(fleet.vms.get(v).id(), reason);
  }

  private void count(int h) {
    if (h != Fleet.NOWHERE) {
      movesAt[h]++;
    }
  }
}
