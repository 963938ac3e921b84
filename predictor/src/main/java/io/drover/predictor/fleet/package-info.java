/**
 * The predictor proper: forecasts for a whole fleet from one compact state, learned as samples
 * come.
 *
 * <p>{@link io.drover.predictor.fleet.FleetPredictor} is where to start. May use the history
 * package. Invariant: a forecast depends on samples that were taken before it alone, is never NaN
 * and never negative, and neither taking samples nor forecasting throws, whatever the samples are.
 */
@NullMarked
package io.drover.predictor.fleet;

import org.jspecify.annotations.NullMarked;
