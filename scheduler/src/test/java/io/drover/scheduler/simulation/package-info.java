/**
 * Forecaster and planner in a loop with simulated hosts.
 *
 * <p>May use everything of the scheduler that decides, and nothing that acts. Invariant: a run
 * follows from its seed.
 */
@NullMarked
package io.drover.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
