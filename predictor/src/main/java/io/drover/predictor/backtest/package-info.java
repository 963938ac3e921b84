/**
 * Holds forecasters against recorded traces: rolling origin, every series, no look-ahead.
 *
 * <p>May use the other packages of the predictor. Invariant: a contender is told a sample only
 * after its forecasts of that sample's time were taken from it; what it is judged by it never sees
 * before.
 */
@NullMarked
package io.drover.predictor.backtest;

import org.jspecify.annotations.NullMarked;
