/**
 * One live migration as a pure state machine: what to do next, given what happened.
 *
 * <p>May use the JDK and the records of the agent's protocol; no actors, no I/O, no clock. The
 * executor feeds it events and performs its effects.
 *
 * <p>Guards this invariant: at no time may two copies of a machine run. A destination is told to
 * run only after the one compare-and-set that commits the move, and after it the source is never
 * told to.
 */
@NullMarked
package io.drover.scheduler.migrate;

import org.jspecify.annotations.NullMarked;
