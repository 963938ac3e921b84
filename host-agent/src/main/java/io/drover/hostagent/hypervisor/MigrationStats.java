package io.drover.hostagent.hypervisor;

import java.time.Duration;

/**
 * A migration in numbers, as the source saw it.
 *
 * @param downtime actual once completed, expected before
 * @param memoryBytes size of the guest's memory
 * @param dirtiedBytesPerSecond how fast the guest writes memory anew; 0 until a first round was
 *     copied
 */
public record MigrationStats(
    MigrationPhase phase,
    Duration total,
    Duration downtime,
    long transferredBytes,
    long remainingBytes,
    long memoryBytes,
    double dirtiedBytesPerSecond) {}
