package io.drover.scheduler.settings;

import io.drover.config.ConfigReader;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.plan.Policy;
import java.time.Duration;

/** Reads the planner's policy. */
final class PolicySettings {
  private static final Duration DAY = Duration.ofHours(24);

  private PolicySettings() {}

  static Policy read(ConfigReader scheduler) {
    Mode mode = scheduler.choice("mode", Mode.class);
    ConfigReader demand = scheduler.section("demand");
    double target = demand.number("target-share", 0.05, 1);
    double pack = demand.number("pack-share", 0.05, 1);
    if (pack > target) {
      demand.reject("pack-share", "at most target-share");
      pack = target;
    }
    return new Policy(
        mode,
        demand.number("quantile", 0.51, 0.999),
        target,
        pack,
        demand.number("new-vm-cores-per-vcpu", 0, 1),
        demand.number("memory-share", 0.05, 1),
        demand.integer("failover-hosts", 0, 1000),
        moves(scheduler.section("moves")),
        power(scheduler.section("power")));
  }

  private static Policy.Moves moves(ConfigReader r) {
    return new Policy.Moves(
        r.duration("horizon", Duration.ofSeconds(1), DAY),
        r.duration("cooldown", Duration.ZERO, DAY),
        r.integer("max-concurrent", 1, 10_000),
        r.integer("max-concurrent-per-host", 1, 100),
        r.duration("longest-benefit", Duration.ofSeconds(1), DAY),
        r.number("copy-cores", 0, 64),
        r.number("slowdown-share", 0, 1),
        r.number("downtime-weight", 1, 1000),
        r.number("least-gain", 1, 1000));
  }

  private static Policy.Power power(ConfigReader r) {
    double standbyShare = r.number("standby-share", 0.01, 0.99);
    double wakeShare = r.number("wake-share", 0.01, 1);
    if (wakeShare <= standbyShare) {
      r.reject("wake-share", "above standby-share");
      wakeShare = 1;
    }
    return new Policy.Power(
        r.flag("enabled"),
        r.integer("minimum-on", 1, 100_000),
        r.duration("standby-window", Duration.ofMillis(100), DAY),
        standbyShare,
        r.duration("wake-window", Duration.ZERO, DAY),
        wakeShare,
        r.duration("wake-margin", Duration.ZERO, DAY),
        r.duration("trend-window", Duration.ofMillis(100), DAY),
        r.number("idle-share", 0, 1),
        r.duration("rest-after-standby", Duration.ZERO, DAY),
        r.duration("rest-after-wake", Duration.ZERO, DAY));
  }
}
