package io.drover.scheduler.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Decides what the cluster shall do now. */
public final class Planner {
  private Planner() {}

  /** Plans; the same arguments give the same plan. */
  public static Plan plan(ClusterState state, Policy policy, Instant now) {
    return new Plan(now, List.of(), Map.of(), 0, Map.of(), Map.of(), state.power());
  }
}
