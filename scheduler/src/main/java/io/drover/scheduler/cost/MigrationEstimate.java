package io.drover.scheduler.cost;

import java.time.Duration;

/**
 * What a live migration is expected to take.
 *
 * @param duration from the order to the destination running
 * @param downtime how long the machine stands still at the switch-over
 * @param transferredBytes what goes over the link, repeats included
 * @param converges false when pages get dirty faster than the link carries them
 */
public record MigrationEstimate(
    Duration duration, Duration downtime, long transferredBytes, boolean converges) {}
