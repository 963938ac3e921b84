/**
 * The planner: from the state of the cluster to moves, standby and wake-ups, each with its reasons.
 *
 * <p>May use the predictor and the cost and power packages; no actors, no I/O, no clock. Invariant:
 * {@link io.drover.scheduler.plan.Planner#plan} is a pure, deterministic function, and no action in
 * a plan breaks a host's capacity at the policy's quantile, a placement rule, or a host's storage
 * duties.
 */
@NullMarked
package io.drover.scheduler.plan;

import org.jspecify.annotations.NullMarked;
