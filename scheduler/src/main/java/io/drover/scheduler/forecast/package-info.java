/**
 * What the scheduler learns about its machines' demand over hours: samples become slots, slots go
 * to the fleet's predictor, and the planner is handed ranges that are ready to be read.
 *
 * <p>{@link io.drover.scheduler.forecast.FleetForecasts} is where to start. May use the predictor.
 * Invariant: whatever samples and times come, nothing throws, and slots are learned in the order of
 * their time.
 */
@NullMarked
package io.drover.scheduler.forecast;

import org.jspecify.annotations.NullMarked;
