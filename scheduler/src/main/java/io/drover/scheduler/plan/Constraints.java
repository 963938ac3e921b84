package io.drover.scheduler.plan;

import java.util.Optional;

/**
 * What no action may break; every answer is a reason in words, or empty when nothing is in the way.
 */
final class Constraints {
  // Sums of doubles wander in the last digits; a host must not be refused for that.
  static final double EPSILON = 1e-9;

  private Constraints() {}

  /** Why the machine cannot be on the host, whatever the CPU load. */
  static Optional<String> conflict(Fleet fleet, int v, int h) {
    HostView host = fleet.hosts.get(h);
    VmView vm = fleet.vms.get(v);
    if (!fleet.takes[h]) {
      return Optional.of(whyClosed(host));
    }
    String platform = vm.platform().conflictWith(host.platform());
    if (!platform.isEmpty()) {
      return Optional.of(platform);
    }
    double memory = host.memoryBytes() * fleet.policy.memoryShare();
    if (fleet.peakMemory(h) + vm.memoryBytes() > memory) {
      return Optional.of(
          "has not the memory: %d of %d MiB are given away, %d are needed"
              .formatted(fleet.peakMemory(h) >> 20, (long) memory >> 20, vm.memoryBytes() >> 20));
    }
    if (fleet.peakReserved(h) + vm.reservedCores() > host.cpuCores() + EPSILON) {
      return Optional.of("cannot keep the reservation of " + Words.cores(vm.reservedCores()));
    }
    return ruleConflict(fleet, v, h);
  }

  /** Which operator's rule the machine would break on the host. */
  static Optional<String> ruleConflict(Fleet fleet, int v, int h) {
    String host = fleet.hosts.get(h).id();
    for (PlacementRule rule : fleet.rulesOf(v)) {
      Optional<String> broken =
          switch (rule) {
            case PlacementRule.Together together -> {
              Optional<String> apart = peerElsewhere(fleet, together, v, h);
              yield apart.map(peer -> "must be together with " + peer);
            }
            case PlacementRule.Apart apart -> {
              Optional<String> peer = peerOn(fleet, apart, v, h);
              yield peer.map(name -> "must not share a host with " + name);
            }
            case PlacementRule.OnlyOn only ->
                only.hosts().contains(host)
                    ? Optional.empty()
                    : Optional.of(
                        "may only be on "
                            + String.join(", ", only.hosts().stream().sorted().toList()));
            case PlacementRule.NeverOn never ->
                never.hosts().contains(host)
                    ? Optional.of("must never be on " + host)
                    : Optional.empty();
          };
      if (broken.isPresent()) {
        return broken;
      }
    }
    return Optional.empty();
  }

  /** Why the machine may not be moved at all, by mode or condition. */
  static Optional<String> immovable(Fleet fleet, int v) {
    VmView vm = fleet.vms.get(v);
    if (vm.moveBlocker().isPresent()) {
      return vm.moveBlocker();
    }
    return switch (vm.condition()) {
      case RUNNING -> vm.mode() == Mode.OFF ? Optional.of("its mode is off") : Optional.empty();
      case STARTING -> Optional.of("is starting");
      case MOVING -> Optional.of("is being moved already");
      case BLOCKED -> Optional.of("is not running normally");
      case UNPLACED, STOPPED -> Optional.of("is not running");
    };
  }

  /**
   * True when the machine is bound to another one on the same host, so that it cannot leave alone.
   */
  static boolean boundToNeighbour(Fleet fleet, int v) {
    for (PlacementRule rule : fleet.rulesOf(v)) {
      if (rule instanceof PlacementRule.Together together
          && peerOn(fleet, together, v, fleet.placeOf(v)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static String whyClosed(HostView host) {
    if (!host.reachable()) {
      return "is not reachable";
    }
    if (host.maintenance()) {
      return "is in maintenance";
    }
    return switch (host.power()) {
      case ON -> "takes no machines in this plan";
      case DRAINING -> "is draining";
      case STANDBY -> "is in standby";
      case WAKING -> "is waking";
    };
  }

  private static Optional<String> peerOn(Fleet fleet, PlacementRule rule, int v, int h) {
    return rule.vms().stream().sorted().filter(name -> isOn(fleet, name, v, h)).findFirst();
  }

  private static boolean isOn(Fleet fleet, String name, int v, int h) {
    int peer = fleet.vmIndexOf(name);
    if (peer == Fleet.NOWHERE || peer == v) {
      return false;
    }
    // A peer that is only just leaving is still there.
    return fleet.placeOf(peer) == h
        || (fleet.placeOf(peer) != Fleet.NOWHERE
            && fleet.vms.get(peer).host().map(fleet::indexOf).orElse(Fleet.NOWHERE) == h);
  }

  private static Optional<String> peerElsewhere(Fleet fleet, PlacementRule rule, int v, int h) {
    return rule.vms().stream()
        .sorted()
        .filter(name -> {
          int peer = fleet.vmIndexOf(name);
          return peer != Fleet.NOWHERE
              && peer != v
              && fleet.placeOf(peer) != Fleet.NOWHERE
              && fleet.placeOf(peer) != h
              // Neighbours leave an evacuated host one after the other; the first may go ahead.
              && !(fleet.placeOf(peer) == fleet.placeOf(v)
                  && fleet.hosts.get(fleet.placeOf(v)).maintenance());
        })
        .findFirst();
  }
}
