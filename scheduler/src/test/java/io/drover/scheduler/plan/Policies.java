package io.drover.scheduler.plan;

import java.time.Duration;

/** Policies for tests, each a step away from the one for production. */
final class Policies {
  private Policies() {}

  /** Production's, without fail-over room and with power management off. */
  static Policy plain() {
    Policy p = Policy.production();
    return powered(failover(p, 0), false, 1);
  }

  /** The same with power management on, and one host that always stays on. */
  static Policy saving() {
    return powered(plain(), true, 1);
  }

  static Policy mode(Policy p, Mode mode) {
    return new Policy(
        mode,
        p.demandQuantile(),
        p.targetShare(),
        p.packShare(),
        p.newVmCoresPerVcpu(),
        p.memoryShare(),
        p.failoverHosts(),
        p.moves(),
        p.power());
  }

  static Policy failover(Policy p, int hosts) {
    return new Policy(
        p.mode(),
        p.demandQuantile(),
        p.targetShare(),
        p.packShare(),
        p.newVmCoresPerVcpu(),
        p.memoryShare(),
        hosts,
        p.moves(),
        p.power());
  }

  static Policy powered(Policy p, boolean enabled, int minimumOn) {
    Policy.Power w = p.power();
    return new Policy(
        p.mode(),
        p.demandQuantile(),
        p.targetShare(),
        p.packShare(),
        p.newVmCoresPerVcpu(),
        p.memoryShare(),
        p.failoverHosts(),
        p.moves(),
        new Policy.Power(
            enabled,
            minimumOn,
            w.standbyWindow(),
            w.standbyShare(),
            w.wakeWindow(),
            w.wakeShare(),
            w.wakeMargin(),
            Duration.ofMinutes(10),
            w.idleShare(),
            w.restAfterStandby(),
            w.restAfterWake()));
  }

  static Policy concurrent(Policy p, int moves, int perHost) {
    Policy.Moves m = p.moves();
    return new Policy(
        p.mode(),
        p.demandQuantile(),
        p.targetShare(),
        p.packShare(),
        p.newVmCoresPerVcpu(),
        p.memoryShare(),
        p.failoverHosts(),
        new Policy.Moves(
            m.horizon(),
            m.cooldown(),
            moves,
            perHost,
            m.longestBenefit(),
            m.copyCores(),
            m.slowdownShare(),
            m.downtimeWeight(),
            m.leastGain()),
        p.power());
  }
}
