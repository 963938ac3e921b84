/**
 * What the demo shows while it runs.
 *
 * <p>{@link io.drover.daemon.demo.screen.Frame} is pure: what is known becomes lines of text. Only
 * {@link io.drover.daemon.demo.screen.Screen} writes to the terminal. The invariant it guards:
 * output that does not go to a terminal holds no control sequences, and each event once.
 */
@NullMarked
package io.drover.daemon.demo.screen;

import org.jspecify.annotations.NullMarked;
