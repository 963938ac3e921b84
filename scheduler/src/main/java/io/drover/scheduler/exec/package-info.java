/**
 * Carries plans out: the one scheduler of the cluster, as a singleton actor around a core that runs
 * on one thread.
 *
 * <p>The core sees the world through {@link io.drover.scheduler.exec.Shell} alone (time, blocking
 * calls, orders to agents), so that the same code runs under an actor and in a seeded simulation.
 * May use every other package of this module, the agents' protocol, the records of machines and
 * hosts, and the power driver.
 *
 * <p>Guards these invariants: nothing is ordered before it is recorded; a machine is the business
 * of one thing at a time (a migration, or a start or stop); a host is powered off only after it was
 * recorded as draining and then seen without machines.
 */
@NullMarked
package io.drover.scheduler.exec;

import org.jspecify.annotations.NullMarked;
