package io.drover.scheduler.plan;

import java.util.Optional;

/** Finds the best host for a machine that has to go somewhere. */
final class Places {
  private Places() {}

  /**
   * The host that is least full afterwards, by share, among those that stay below {@code
   * limitShare} of their capacity; the first by name of equals.
   */
  static Optional<Integer> leastFull(Fleet fleet, int v, double limitShare) {
    int best = Fleet.NOWHERE;
    double bestShare = Double.POSITIVE_INFINITY;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      double share = fleet.peakLoadWith(h, v) / fleet.capacity(h);
      if (h != fleet.placeOf(v)
          && share <= limitShare + Constraints.EPSILON
          && share < bestShare - Constraints.EPSILON
          && Constraints.conflict(fleet, v, h).isEmpty()) {
        best = h;
        bestShare = share;
      }
    }
    return best == Fleet.NOWHERE ? Optional.empty() : Optional.of(best);
  }

  /**
   * The fullest host that stays below the limit: packs tightly, and keeps room for the big ones.
   */
  static Optional<Integer> tightest(Fleet fleet, int v, double limitShare) {
    int best = Fleet.NOWHERE;
    double bestLeft = Double.POSITIVE_INFINITY;
    for (int h = 0; h < fleet.hosts.size(); h++) {
      double left = limitShare * fleet.capacity(h) - fleet.peakLoadWith(h, v);
      if (h != fleet.placeOf(v)
          && left >= -Constraints.EPSILON
          && left < bestLeft - Constraints.EPSILON
          && Constraints.conflict(fleet, v, h).isEmpty()) {
        best = h;
        bestLeft = left;
      }
    }
    return best == Fleet.NOWHERE ? Optional.empty() : Optional.of(best);
  }

  /** The least full host below the packing share, else below the target, else below capacity. */
  static Optional<Integer> anywhere(Fleet fleet, int v) {
    Policy policy = fleet.policy;
    return leastFull(fleet, v, policy.packShare())
        .or(() -> leastFull(fleet, v, policy.targetShare()))
        .or(() -> leastFull(fleet, v, 1));
  }

  /** Why each host was refused, for a machine that found none; at most a few. */
  static String refusals(Fleet fleet, int v) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (int h = 0; h < fleet.hosts.size() && shown < 6; h++) {
      if (h == fleet.placeOf(v)) {
        continue;
      }
      String why =
          Constraints.conflict(fleet, v, h)
              .orElse(
                  "would need %s of %s"
                      .formatted(
                          Words.number(fleet.peakLoadWith(h, v)), Words.cores(fleet.capacity(h))));
      text.append(shown++ == 0 ? "" : "; ").append(fleet.hosts.get(h).id()).append(" ").append(why);
    }
    return text.isEmpty() ? "there is no other host" : text.toString();
  }
}
