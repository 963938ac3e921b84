package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Ramp;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fleet as it will be when a host woken now is ready, and whether the powered hosts can carry
 * it then.
 *
 * <p>Each machine's own trend is in its forecast. A rise that is spread thinly over many machines
 * shows only in their sum, so the trend of the remembered totals is laid over all of them when it
 * says more.
 */
final class Outlook {
  // Less than this share of the powered capacity over the window is not called a ramp.
  private static final double RAMP_SHARE = 0.05;

  final Fleet fleet;
  final Duration ahead;
  final double trendPerSecond;

  private Outlook(Fleet fleet, Duration ahead, double trendPerSecond) {
    this.fleet = fleet;
    this.ahead = ahead;
    this.trendPerSecond = trendPerSecond;
  }

  static Outlook of(Fleet present, PowerMemory memory) {
    Policy.Power power = present.policy.power();
    Duration boot = Duration.ZERO;
    for (HostView host : present.hosts) {
      boolean sleeper = host.power() != HostPower.ON || host.sleepBlocker().isEmpty();
      if (sleeper && host.bootTime().compareTo(boot) > 0) {
        boot = host.bootTime();
      }
    }
    Duration ahead = boot.plus(power.wakeMargin());
    double trend = trend(memory, power.trendWindow(), RAMP_SHARE * powered(present));
    double own = 0;
    double total = present.totalLevel();
    for (int v = 0; v < present.vms.size(); v++) {
      if (present.placeOf(v) != Fleet.NOWHERE) {
        own += Math.max(0, present.vms.get(v).cpu().trendPerSecond());
      }
    }
    double reach = Math.min((double) ahead.toMillis(), 2.0 * power.trendWindow().toMillis()) / 1000;
    double extra = Math.max(0, trend - own) * reach;
    double growth = total > 0 ? 1 + extra / total : 1;
    Fleet forward = new Fleet(present.state, present.policy, ahead, growth);
    for (int h = 0; h < forward.hosts.size(); h++) {
      HostView host = forward.hosts.get(h);
      if (host.power() == HostPower.WAKING && !host.maintenance()) {
        forward.takes[h] = true;
      }
    }
    return new Outlook(forward, ahead, Math.max(trend, own));
  }

  private static double trend(PowerMemory memory, Duration window, double threshold) {
    int n = memory.totals().size();
    long[] times = new long[n];
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      times[i] = memory.totals().get(i).at().toEpochMilli();
      values[i] = Math.max(0, memory.totals().get(i).cores());
      if (i > 0 && times[i] <= times[i - 1]) {
        return 0;
      }
    }
    return Ramp.find(Samples.of(times, values), window, threshold).map(Ramp::perSecond).orElse(0.0);
  }

  /** Capacity of the hosts that take machines, or will when they are awake. */
  double powered() {
    return powered(fleet);
  }

  private static double powered(Fleet fleet) {
    double sum = 0;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      sum += fleet.takes[h] ? fleet.capacity(h) : 0;
    }
    return sum;
  }

  /** Why the powered hosts cannot carry what is coming; empty when they can. */
  Optional<String> shortage() {
    double load = fleet.totalLoad();
    double limit = fleet.policy.power().wakeShare() * powered();
    if (load > limit) {
      return Optional.of(
          "in %s the fleet needs %s; the powered hosts are short from %s%s"
              .formatted(Words.time(ahead), Words.cores(load), Words.number(limit), trendText()));
    }
    double left = unresolved();
    if (left > Constraints.EPSILON) {
      return Optional.of(
          "in %s %s would be above target wherever the machines are put%s"
              .formatted(Words.time(ahead), Words.cores(left), trendText()));
    }
    return Failover.missing(fleet, Fleet.NOWHERE, 0, 0);
  }

  /** True when the shortage would be less with the host. */
  boolean helps(int h) {
    if (fleet.totalLoad() > fleet.policy.power().wakeShare() * powered()) {
      return true;
    }
    double without = unresolved();
    boolean failover = Failover.missing(fleet, Fleet.NOWHERE, 0, 0).isPresent();
    boolean took = fleet.takes[h];
    fleet.takes[h] = true;
    double with = unresolved();
    fleet.takes[h] = took;
    return failover || with < 0.9 * without;
  }

  /** What is expected of the whole fleet, as an explanation shows it. */
  String forecast() {
    return "fleet: %s in %s%s"
        .formatted(Words.cores(fleet.totalLoad()), Words.time(ahead), trendText());
  }

  private String trendText() {
    return trendPerSecond > 0
        ? ", rising by %s a minute".formatted(Words.cores(60 * trendPerSecond))
        : "";
  }

  /** Load above target that stays when everything movable was moved to where there is room. */
  private double unresolved() {
    record Undo(int v, int from) {}
    List<Undo> undo = new ArrayList<>();
    double left = 0;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      HostView host = fleet.hosts.get(h);
      boolean leaving = host.power() == HostPower.DRAINING && !host.maintenance();
      if (!host.reachable() || (!leaving && fleet.excess(h) <= Constraints.EPSILON)) {
        continue;
      }
      for (int v : Evacuation.largestFirst(fleet, h)) {
        boolean over = leaving ? fleet.load(h) > 0 : fleet.excess(h) > Constraints.EPSILON;
        VmView vm = fleet.vms.get(v);
        if (!over || vm.mode() == Mode.OFF || vm.moveBlocker().isPresent()) {
          continue;
        }
        Optional<Integer> to = Places.leastFull(fleet, v, fleet.policy.targetShare());
        if (to.isPresent()) {
          fleet.move(v, to.get());
          undo.add(new Undo(v, h));
        }
      }
      left += leaving ? fleet.load(h) : fleet.excess(h);
    }
    for (Undo one : undo.reversed()) {
      fleet.undo(one.v(), one.from());
    }
    return left;
  }
}
