package io.drover.scheduler.plan;

import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides which hosts sleep and wake.
 *
 * <p>A wake-up follows a shortage, present or coming within the boot time, that lasts for a short
 * window. A standby follows a long spell in which the fleet would have fitted on one host less with
 * room to spare; the two limits lie apart, a wake-up is followed by a rest, and one host changes at
 * a time, so that they cannot take turns.
 */
final class PowerPlanner {
  private final Draft draft;
  private final Fleet fleet;
  private final Policy.Power power;
  private final Instant now;
  private final boolean approval;
  private PowerMemory memory;

  PowerPlanner(Draft draft) {
    this.draft = draft;
    fleet = draft.fleet;
    power = draft.policy.power();
    now = draft.now;
    approval = draft.policy.mode() == Mode.RECOMMEND;
    memory = fleet.state.power();
  }

  /**
   * Plans wake-ups and the start of a standby.
   *
   * @param homeless machines that found no place on the powered hosts
   * @return what has to be remembered
   */
  PowerMemory plan(List<Integer> homeless) {
    double total = 0;
    for (int v = 0; v < fleet.vms.size(); v++) {
      total += fleet.placeOf(v) == Fleet.NOWHERE ? 0 : recent(v);
    }
    memory = memory.withTotal(now, total, power.trendWindow().multipliedBy(2));
    if (!power.enabled() || draft.policy.mode() == Mode.OFF) {
      memory = memory.withLow(false, now).withHigh(false, now);
      return memory;
    }
    Outlook outlook = Outlook.of(fleet, memory);
    Optional<String> urgent = urgent(homeless, outlook);
    Optional<String> shortage = urgent.or(outlook::shortage);
    memory = memory.withHigh(shortage.isPresent(), now);
    if (shortage.isPresent()) {
      memory = memory.withLow(false, now);
      if (urgent.isPresent() || lasted(memory.highSince(), power.wakeWindow())) {
        wake(outlook, shortage.get(), homeless);
      }
      return memory;
    }
    considerStandby(outlook);
    return memory;
  }

  /** Takes a draining host back into service. */
  PowerMemory takeBack(PowerMemory before, int h, String why) {
    memory = before;
    addWake(h, why, List.of());
    return memory;
  }

  private double recent(int v) {
    VmView vm = fleet.vms.get(v);
    return vm.cpu().known() ? Math.min(vm.vcpus(), vm.cpu().recentLevel()) : fleet.level(v);
  }

  private Optional<String> urgent(List<Integer> homeless, Outlook outlook) {
    int on = 0;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      on += outlook.fleet.takes[h] ? 1 : 0;
    }
    if (on < power.minimumOn()) {
      return Optional.of("%d hosts are on, at least %d shall be".formatted(on, power.minimumOn()));
    }
    boolean coming = fleet.hosts.stream().anyMatch(host -> host.power() == HostPower.WAKING);
    return homeless.isEmpty() || coming
        ? Optional.empty()
        : Optional.of(
            fleet.vms.get(homeless.getFirst()).id() + " has no place on the powered hosts");
  }

  private void wake(Outlook outlook, String why, List<Integer> homeless) {
    List<Integer> sleepers = new ArrayList<>();
    for (int h = 0; h < fleet.hosts.size(); h++) {
      HostView host = fleet.hosts.get(h);
      boolean draining = host.power() == HostPower.DRAINING && host.reachable();
      if (!host.maintenance() && (draining || host.power() == HostPower.STANDBY)) {
        sleepers.add(h);
      }
    }
    sleepers.sort(
        Comparator.comparing((Integer h) -> fleet.hosts.get(h).power() != HostPower.DRAINING)
            .thenComparing(h -> fleet.hosts.get(h).bootTime())
            .thenComparingDouble(h -> -fleet.capacity(h))
            .thenComparing(h -> h));
    for (int h : sleepers) {
      boolean useful = homeless.isEmpty() ? outlook.helps(h) : homes(homeless.getFirst(), h);
      if (useful || outlook.fleet.policy.power().minimumOn() > awake(outlook)) {
        List<String> forecasts = new ArrayList<>(List.of(outlook.forecast()));
        for (VmView vm : fleet.vms) {
          if (vm.cpu().trendPerSecond() > 0) {
            forecasts.add(vm.id() + ": " + vm.cpu().explanation());
          }
        }
        addWake(h, why, forecasts);
        return;
      }
      draft.hostReason(h, "stays asleep: it would not help, although " + why);
    }
    for (int h = 0; h < fleet.hosts.size(); h++) {
      if (fleet.excess(h) > Constraints.EPSILON) {
        draft.hostReason(
            h, "overloaded, " + Words.load(fleet, h) + "; no host is left to wake that would help");
      }
    }
  }

  private static int awake(Outlook outlook) {
    int on = 0;
    for (boolean takes : outlook.fleet.takes) {
      on += takes ? 1 : 0;
    }
    return on;
  }

  private boolean homes(int v, int h) {
    boolean took = fleet.takes[h];
    fleet.takes[h] = true;
    boolean fits =
        Constraints.conflict(fleet, v, h).isEmpty()
            && fleet.peakLoadWith(h, v) <= fleet.capacity(h) + Constraints.EPSILON;
    fleet.takes[h] = took;
    return fits;
  }

  private void addWake(int h, String why, List<String> forecasts) {
    HostView host = fleet.hosts.get(h);
    boolean draining = host.power() == HostPower.DRAINING;
    String summary =
        (draining
                ? "is taken back into service: "
                : "is woken, ready in about " + Words.time(host.bootTime()) + ": ")
            + why;
    draft.actions.add(
        new Action.Wake(
            host.id(),
            approval,
            new Explanation(
                summary, forecasts, 0, 0, 0, List.of(new Explanation.Alternative("wait", why)))));
    draft.hostReason(h, summary);
    if (!approval) {
      memory = memory.withWake(now);
      if (draining && host.sleepBlocker().isEmpty()) {
        fleet.takes[h] = host.reachable();
      }
    }
  }

  private void considerStandby(Outlook outlook) {
    Optional<String> changing = changing();
    List<Integer> candidates = changing.isPresent() ? List.of() : candidates(outlook);
    memory = memory.withLow(!candidates.isEmpty(), now);
    if (candidates.isEmpty()) {
      return;
    }
    int h = candidates.getFirst();
    Optional<String> later = notYet(outlook, h);
    if (later.isPresent()) {
      draft.hostReason(h, "could sleep, " + later.get());
      return;
    }
    standby(outlook, h);
  }

  private Optional<String> changing() {
    return fleet.hosts.stream()
        .filter(host ->
            !host.maintenance()
                && (host.power() == HostPower.DRAINING || host.power() == HostPower.WAKING))
        .findFirst()
        .map(host -> host.id() + " is changing its power state");
  }

  /** Hosts without which the fleet would do, the emptiest first. */
  private List<Integer> candidates(Outlook outlook) {
    List<Integer> fit = new ArrayList<>();
    int on = awake(outlook);
    for (int h = 0; h < fleet.hosts.size(); h++) {
      HostView host = fleet.hosts.get(h);
      if (!host.takesMachines()) {
        continue;
      }
      Optional<String> needed = needed(outlook, h, on);
      if (needed.isPresent()) {
        draft.hostReason(h, "stays on, %s: %s".formatted(Words.load(fleet, h), needed.get()));
      } else {
        fit.add(h);
      }
    }
    fit.sort(Comparator.comparingDouble((Integer h) -> fleet.load(h)).thenComparing(h -> h));
    return fit;
  }

  private Optional<String> needed(Outlook outlook, int h, int on) {
    HostView host = fleet.hosts.get(h);
    if (host.sleepBlocker().isPresent()) {
      return Optional.of("it may not sleep, " + host.sleepBlocker().get());
    }
    if (on <= power.minimumOn()) {
      return Optional.of("%d hosts shall stay on".formatted(power.minimumOn()));
    }
    for (int v : fleet.membersOf(h)) {
      Mode mode = draft.modeOf(v);
      boolean fixed = mode == Mode.OFF || fleet.vms.get(v).moveBlocker().isPresent();
      if (fixed || Constraints.boundToNeighbour(fleet, v)) {
        return Optional.of(fleet.vms.get(v).id() + " cannot leave it by itself");
      }
    }
    double limit = power.standbyShare() * (outlook.powered() - host.cpuCores());
    double load = outlook.fleet.totalLoad();
    if (load > limit) {
      return Optional.of(
          "the fleet needs %s, without it at most %s may be used"
              .formatted(Words.cores(load), Words.number(limit)));
    }
    if (Evacuation.legs(outlook.fleet, h, draft.policy.packShare()).isEmpty()
        || Evacuation.legs(fleet, h, draft.policy.packShare()).isEmpty()) {
      return Optional.of(
          "its machines do not fit on the others below %s"
              .formatted(Words.share(draft.policy.packShare(), 1)));
    }
    return Failover.missing(outlook.fleet, h, 0, 0);
  }

  /** Why a host that could sleep has to wait; none of these ends the low spell. */
  private Optional<String> notYet(Outlook outlook, int h) {
    Duration low = Duration.between(memory.lowSince().orElse(now), now);
    if (low.compareTo(power.standbyWindow()) < 0) {
      return Optional.of(
          "but demand has been low for %s only, not yet for %s"
              .formatted(Words.time(low), Words.time(power.standbyWindow())));
    }
    if (!lasted(memory.lastStandby(), power.restAfterStandby(), true)
        || !lasted(memory.lastWake(), power.restAfterWake(), true)) {
      return Optional.of("but the last change of a host's power was too short a time ago");
    }
    if (!fleet.state.moves().isEmpty() || !draft.actions.isEmpty()) {
      return Optional.of("after what is being done now");
    }
    double limit = power.standbyShare() * (outlook.powered() - fleet.capacity(h));
    double undecided = 0;
    for (int v = 0; v < fleet.vms.size(); v++) {
      if (fleet.placeOf(v) != Fleet.NOWHERE) {
        undecided += Math.max(0, recent(v) - fleet.vms.get(v).cpu().level());
      }
    }
    if (outlook.fleet.totalLoad() + undecided > limit) {
      return Optional.of("but newest samples, not decided yet, are higher");
    }
    for (int v : fleet.membersOf(h)) {
      Optional<String> held = Constraints.immovable(fleet, v).or(() -> draft.resting(v));
      if (held.isPresent()) {
        return Optional.of("but %s %s".formatted(fleet.vms.get(v).id(), held.get()));
      }
    }
    return Optional.empty();
  }

  private void standby(Outlook outlook, int h) {
    Duration low = Duration.between(memory.lowSince().orElse(now), now);
    double benefit = power.idleShare() * fleet.capacity(h) * low.toMillis() / 1000;
    double cost = 0;
    for (Evacuation.Leg leg :
        Evacuation.legs(fleet, h, draft.policy.packShare()).orElse(List.of())) {
      cost += MoveValue.of(fleet, leg.v(), leg.to(), 0, Duration.ZERO).cost();
    }
    // As often as not the machines come back one day, by as many moves.
    double risk = cost / 2;
    String summary =
        "the fleet has needed little for %s: %s, and %s would be left; expected to go on as long again"
            .formatted(
                Words.time(low),
                Words.cores(outlook.fleet.totalLoad()),
                Words.cores(outlook.powered() - fleet.capacity(h)));
    if (benefit <= draft.policy.moves().leastGain() * (cost + risk)) {
      draft.hostReason(
          h,
          "could sleep, but its moves cost more than is saved yet: benefit %s, cost %s, risk %s core-seconds"
              .formatted(Words.number(benefit), Words.number(cost), Words.number(risk)));
      return;
    }
    List<String> forecasts = new ArrayList<>(List.of(outlook.forecast()));
    for (int v : fleet.membersOf(h)) {
      forecasts.add(fleet.vms.get(v).id() + ": " + fleet.vms.get(v).cpu().explanation());
    }
    List<Explanation.Alternative> others = new ArrayList<>();
    others.add(
        new Explanation.Alternative(
            "keep it on",
            "would cost %s core-seconds of idling for another %s"
                .formatted(Words.number(benefit), Words.time(low))));
    draft.hostReasons.forEach(
        (host, why) -> others.add(new Explanation.Alternative("standby of " + host, why)));
    draft.actions.add(
        new Action.Standby(
            fleet.hosts.get(h).id(),
            approval,
            new Explanation(summary, forecasts, benefit, cost, risk, others)));
    draft.hostReason(h, "goes to standby: " + summary);
    if (!approval) {
      memory = memory.withStandby(now);
      fleet.takes[h] = false;
      new Evacuation(draft)
          .plan(
              h, Action.Purpose.CONSOLIDATE, draft.policy.packShare(), "its host goes to standby");
    }
  }

  private boolean lasted(Optional<Instant> since, Duration window) {
    return lasted(since, window, false);
  }

  private boolean lasted(Optional<Instant> since, Duration window, boolean whenNever) {
    return since.map(at -> !at.plus(window).isAfter(now)).orElse(whenNever);
  }
}
