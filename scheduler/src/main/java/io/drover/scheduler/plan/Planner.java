package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Forecast;
import io.drover.scheduler.power.PowerMemory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides what the cluster shall do now.
 *
 * <p>In this order, each step seeing what the ones before decided: places for machines without one,
 * rules that are broken, hosts to wake or to send to standby, relief of overloaded hosts,
 * evacuation of draining ones. Last, every host and machine that nothing was said about gets its
 * reason. Pure: no clock, no randomness, no state.
 */
public final class Planner {
  private final Draft draft;
  private final Fleet fleet;
  private final Policy policy;

  private Planner(ClusterState state, Policy policy, Instant now) {
    this.policy = policy;
    fleet = new Fleet(state, policy, policy.moves().horizon(), 1);
    draft = new Draft(fleet, now);
  }

  /** Plans; the same arguments give the same plan. */
  public static Plan plan(ClusterState state, Policy policy, Instant now) {
    return new Planner(state, policy, now).run();
  }

  private Plan run() {
    Map<String, Double> loads = new TreeMap<>();
    for (int h = 0; h < fleet.hosts.size(); h++) {
      loads.put(fleet.hosts.get(h).id(), fleet.load(h));
    }
    double total = fleet.totalLevel();
    Starter starter = new Starter(draft);
    starter.plan();
    new RuleMender(draft).plan();
    PowerPlanner power = new PowerPlanner(draft);
    PowerMemory memory = power.plan(starter.homeless());
    new Relief(draft).plan();
    memory = evacuate(power, memory);
    explainTheRest();
    return new Plan(
        draft.now, draft.actions, loads, total, draft.hostReasons, draft.vmReasons, memory);
  }

  private PowerMemory evacuate(PowerPlanner power, PowerMemory before) {
    PowerMemory memory = before;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      HostView host = fleet.hosts.get(h);
      if (!host.evacuating() || fleet.takes[h]) {
        continue;
      }
      if (host.maintenance()) {
        Optional<String> stuck =
            new Evacuation(draft)
                .plan(h, Action.Purpose.EVACUATE, 1, "an operator drains " + host.id());
        draft.hostReason(
            h, "is drained by an operator" + stuck.map(why -> ", but " + why).orElse(""));
      } else if (policy.mode() != Mode.OFF) {
        memory = goOnDraining(power, memory, h);
      }
    }
    return memory;
  }

  private PowerMemory goOnDraining(PowerPlanner power, PowerMemory memory, int h) {
    HostView host = fleet.hosts.get(h);
    boolean woken =
        draft.actions.stream()
            .anyMatch(a -> a instanceof Action.Wake wake && wake.host().equals(host.id()));
    if (woken) {
      return memory;
    }
    if (host.sleepBlocker().isPresent()) {
      return power.takeBack(memory, h, "it may no longer sleep, " + host.sleepBlocker().get());
    }
    if (fleet.peakCount(h) == 0) {
      Explanation why =
          new Explanation(
              "all machines have left it",
              List.of(),
              0,
              0,
              0,
              List.of(
                  new Explanation.Alternative("keep it on", "the fleet still does without it")));
      // Approval, where it is asked for, was given when the host began to drain.
      draft.actions.add(new Action.Standby(host.id(), false, why));
      draft.hostReason(h, "is empty and is powered off");
      return memory;
    }
    Optional<String> stuck =
        new Evacuation(draft)
            .plan(
                h,
                Action.Purpose.CONSOLIDATE,
                policy.targetShare(),
                host.id() + " goes to standby");
    if (stuck.isPresent()) {
      return power.takeBack(memory, h, "it cannot be emptied, " + stuck.get());
    }
    draft.hostReasons.putIfAbsent(host.id(), "is being emptied before standby");
    return memory;
  }

  private void explainTheRest() {
    for (int h = 0; h < fleet.hosts.size(); h++) {
      draft.hostReasons.putIfAbsent(fleet.hosts.get(h).id(), hostAtRest(h));
    }
    for (int v = 0; v < fleet.vms.size(); v++) {
      draft.vmReason(v, vmAtRest(v));
    }
  }

  private String hostAtRest(int h) {
    HostView host = fleet.hosts.get(h);
    if (!host.reachable() && host.power() == HostPower.ON) {
      return "is not reachable: nothing is planned for it";
    }
    return switch (host.power()) {
      case ON -> "its load of " + Words.load(fleet, h) + " needs nothing done" + undecided(h);
      case DRAINING -> "is draining";
      case STANDBY -> "sleeps: the powered hosts carry the fleet";
      case WAKING -> "is waking, ready about " + Words.time(host.bootTime()) + " after the order";
    };
  }

  /** What the load would be if the samples that may be glitches were believed. */
  private String undecided(int h) {
    double more = 0;
    int samples = 0;
    for (int v : fleet.membersOf(h)) {
      Forecast cpu = fleet.vms.get(v).cpu();
      more += cpu.undecidedLevel() - cpu.level();
      samples = Math.max(samples, cpu.undecidedSamples());
    }
    return samples > 0
        ? "; the last %d samples would make it %s, but may be a glitch"
            .formatted(samples, Words.number(Math.max(0, fleet.load(h) + more)))
        : "";
  }

  private String vmAtRest(int v) {
    VmView vm = fleet.vms.get(v);
    int h = fleet.placeOf(v);
    if (vm.condition() == VmCondition.STOPPED) {
      return "is stopped";
    }
    if (h == Fleet.NOWHERE) {
      return "is on a host that the cluster does not know";
    }
    String host = fleet.hosts.get(h).id();
    if (fleet.excess(h) <= Constraints.EPSILON) {
      return "stays on %s, which needs %s: nothing to gain".formatted(host, Words.load(fleet, h));
    }
    return "stays on %s although it is overloaded: %s"
        .formatted(
            host,
            Constraints.immovable(fleet, v)
                .or(() -> draft.resting(v))
                .orElse("no move of it is possible and worth its cost"));
  }
}
