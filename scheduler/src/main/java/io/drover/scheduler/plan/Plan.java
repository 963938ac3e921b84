package io.drover.scheduler.plan;

import io.drover.scheduler.power.PowerMemory;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What to do now, and why nothing else.
 *
 * @param hostLoads forecast load of each host at the policy's quantile, in cores, as it is before
 *     the plan
 * @param totalDemand decided demand of the whole fleet, in cores
 * @param hostReasons for every host, what the plan does with it or why it leaves it alone
 * @param vmReasons the same for every machine
 * @param power to be put into the next {@link ClusterState}
 */
public record Plan(
    Instant at,
    List<Action> actions,
    Map<String, Double> hostLoads,
    double totalDemand,
    Map<String, String> hostReasons,
    Map<String, String> vmReasons,
    PowerMemory power) {
  public Plan {
    actions = List.copyOf(actions);
    hostLoads = Collections.unmodifiableMap(new TreeMap<>(hostLoads));
    hostReasons = Collections.unmodifiableMap(new TreeMap<>(hostReasons));
    vmReasons = Collections.unmodifiableMap(new TreeMap<>(vmReasons));
  }
}
