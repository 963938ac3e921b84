/**
 * From demand histories to forecasts: {@link io.drover.predictor.history} keeps the samples, {@link
 * io.drover.predictor.glitch} cleans them, {@link io.drover.predictor.forecast} looks ahead.
 *
 * <p>May use the JDK, commons-math and the settings reader. Invariant: pure functions of their
 * arguments; no threads, no clocks, no I/O.
 */
@NullMarked
package io.drover.predictor;

import org.jspecify.annotations.NullMarked;
