package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Forecast;
import io.drover.scheduler.cost.MigrationEstimate;
import java.time.Duration;

/**
 * What one move costs, gains and risks, all in core-seconds.
 *
 * @param gainCores how much load above target goes away, both hosts together
 * @param lasting how long the gain is expected to last
 * @param benefit gain times the time it lasts
 * @param cost CPU of the copy, the machine's slower running meanwhile, and its downtime
 * @param risk what is lost on average because forecasts fail: the cost for nothing when the phase
 *     ends before the move has paid, and the demand that misses its room if the machine rises at
 *     its new place
 */
record MoveValue(
    MigrationEstimate migration,
    double gainCores,
    Duration lasting,
    double benefit,
    double cost,
    double risk) {

  double net() {
    return benefit - cost - risk;
  }

  boolean worthwhile(Policy policy) {
    return migration.converges()
        && gainCores > Constraints.EPSILON
        && benefit > policy.moves().leastGain() * (cost + risk);
  }

  /** The move of machine v from where it is to host d, to take load above target away. */
  static MoveValue ofRelief(Fleet fleet, int v, int d) {
    int s = fleet.placeOf(v);
    double after =
        Math.max(0, fleet.loadWithout(s, v) - fleet.target(s))
            + Math.max(0, fleet.loadWith(d, v) - fleet.target(d));
    double gain = fleet.excess(s) + fleet.excess(d) - after;
    Duration lasting = lasting(fleet, s);
    return of(fleet, v, d, gain, lasting);
  }

  /** The move of machine v to host d for a gain that was worked out elsewhere. */
  static MoveValue of(Fleet fleet, int v, int d, double gainCores, Duration lasting) {
    Policy.Moves prices = fleet.policy.moves();
    MigrationEstimate migration = estimate(fleet, v, d);
    double duration = seconds(migration.duration());
    double cost =
        prices.copyCores() * duration
            + prices.slowdownShare() * fleet.level(v) * duration
            + prices.downtimeWeight() * fleet.level(v) * seconds(migration.downtime());
    double span = seconds(lasting);
    double benefit = Math.max(0, gainCores) * span;
    double paysAfter = gainCores > 0 ? duration + cost / gainCores : Double.POSITIVE_INFINITY;
    double tooShort = span > 0 ? 1 - Math.exp(-paysAfter / span) : 1;
    double risk = tooShort * cost + overflow(fleet, v, d, lasting) * span;
    return new MoveValue(migration, gainCores, lasting, benefit, cost, risk);
  }

  static MigrationEstimate estimate(Fleet fleet, int v, int d) {
    VmView vm = fleet.vms.get(v);
    int s = fleet.placeOf(v);
    double link =
        Math.min(fleet.hosts.get(s).linkBytesPerSecond(), fleet.hosts.get(d).linkBytesPerSecond());
    return fleet.state.migrations().predict(vm.memoryBytes(), vm.dirtyBytesPerSecond(), link);
  }

  /**
   * How long the load of a host stays as it is: what its machines' phases have left, by their
   * weight.
   */
  static Duration lasting(Fleet fleet, int h) {
    double weights = 0;
    double sum = 0;
    for (int v : fleet.membersOf(h)) {
      double weight = fleet.level(v);
      weights += weight;
      sum += weight * fleet.vms.get(v).cpu().expectedRemainingStable().toMillis();
    }
    long millis = weights > 0 ? (long) (sum / weights) : 0;
    return Duration.ofMillis(Math.min(millis, fleet.policy.moves().longestBenefit().toMillis()));
  }

  /**
   * Demand that finds no room on d if v leaves its phase while it is there, times how likely that
   * is.
   */
  private static double overflow(Fleet fleet, int v, int d, Duration lasting) {
    double q = fleet.policy.demandQuantile();
    Forecast cpu = fleet.vms.get(v).cpu();
    double extra = Math.max(0, cpu.quantile(q, lasting) - cpu.inPhaseQuantile(q, Duration.ZERO));
    double missing = Math.max(0, fleet.loadWith(d, v) + extra - fleet.capacity(d));
    return missing * (1 - q);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
