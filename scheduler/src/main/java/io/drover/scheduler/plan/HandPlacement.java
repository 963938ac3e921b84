package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.Optional;

/** Whether an operator may put a machine on a host by hand; what no plan may break, he may not. */
public final class HandPlacement {
  private HandPlacement() {}

  /**
   * Why the machine cannot be on the host; empty if it can, however loaded the host is, or if the
   * state does not know one of the two.
   */
  public static Optional<String> refusal(
      ClusterState state, Policy policy, String vm, String host) {
    Fleet fleet = new Fleet(state, policy, Duration.ZERO, 1);
    int v = fleet.vmIndexOf(vm);
    int h = fleet.indexOf(host);
    return v == Fleet.NOWHERE || h == Fleet.NOWHERE || fleet.placeOf(v) == h
        ? Optional.empty()
        : Constraints.conflict(fleet, v, h)
            .map(why ->
                why.startsWith("must") || why.startsWith("may") || why.startsWith("needs")
                    ? why
                    : "cannot, because the host " + why);
  }
}
