package io.drover.storage.controller;

import java.util.Optional;

/**
 * How a controller is doing.
 *
 * @param leaseConfirmed whether it may answer I/O
 * @param requests under way
 * @param degraded open containers with fewer members in sync than the policy's replicas
 * @param belowMinimum containers whose writes wait for replicas
 */
public record ControllerHealth(
    boolean leaseConfirmed,
    int requests,
    int degraded,
    int belowMinimum,
    Optional<String> lastError) {}
