package io.drover.storage.replica;

/**
 * Answer to a flush: everything up to {@code sequence} survives a loss of power.
 *
 * @param bootId of the machine that answers; a flush counts only when it is the one under which the
 *     records were appended
 */
public record Durable(long sequence, String bootId) {}
