/**
 * What load the demo puts on its guests: scripts that follow from a seed and from where the guests
 * are when a phase begins.
 *
 * <p>Pure. The invariant it guards: scripts ask for nothing that the scheduler could not serve. An
 * overload can be relieved by one move, a quiet fleet fits into three hosts, a risen one fits into
 * four but not into three.
 */
@NullMarked
package io.drover.daemon.demo.load;

import org.jspecify.annotations.NullMarked;
