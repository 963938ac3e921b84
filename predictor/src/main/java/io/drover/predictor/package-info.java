/**
 * From demand histories to forecasts: {@link io.drover.predictor.history} keeps the samples, {@link
 * io.drover.predictor.glitch} cleans them, {@link io.drover.predictor.forecast} looks ahead for the
 * scheduler. {@link io.drover.predictor.fleet} is what shall take its place: it learns over a whole
 * fleet; {@link io.drover.predictor.backtest} holds it against recordings.
 *
 * <p>May use the JDK, commons-math and the settings reader. Invariant: no threads, no clocks, no
 * I/O; what is answered follows from the samples that were given, and apart from the histories and
 * the fleet's learned state everything is a pure function of its arguments.
 */
@NullMarked
package io.drover.predictor;

import org.jspecify.annotations.NullMarked;
