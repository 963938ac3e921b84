/**
 * Splits a demand history into stable periods and groups of unstable samples, and takes the
 * glitches out.
 *
 * <p>May use the history package only. Invariant: pure functions; every sample belongs to exactly
 * one stable period or one unstable group, and a group at the open end is never decided early.
 */
@NullMarked
package io.drover.predictor.glitch;

import org.jspecify.annotations.NullMarked;
