/**
 * The memory that keeps hosts from going to standby and waking in turns.
 *
 * <p>May use the JDK only. Invariant: all of it is data that goes into a plan and comes out of it;
 * losing it (a new scheduler) only makes the next standby later, never earlier.
 */
@NullMarked
package io.drover.scheduler.power;

import org.jspecify.annotations.NullMarked;
