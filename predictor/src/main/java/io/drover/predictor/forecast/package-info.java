/**
 * Forecasts of demand from a cleaned history, with quantiles, trend and the time a phase has left.
 *
 * <p>May use the history and glitch packages. Invariant: a forecast is never NaN, infinite or
 * negative, and quantiles do not cross.
 */
@NullMarked
package io.drover.predictor.forecast;

import org.jspecify.annotations.NullMarked;
