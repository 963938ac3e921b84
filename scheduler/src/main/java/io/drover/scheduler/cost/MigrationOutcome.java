package io.drover.scheduler.cost;

import java.time.Duration;

/**
 * A migration that was carried out, beside what the bare model had said.
 *
 * @param modelled the estimate without correction ({@link MigrationModel#bare})
 */
public record MigrationOutcome(MigrationEstimate modelled, Duration duration, Duration downtime) {}
