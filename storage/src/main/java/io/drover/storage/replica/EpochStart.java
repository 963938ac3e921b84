package io.drover.storage.replica;

/** The first sequence that a log holds of an epoch. */
public record EpochStart(long epoch, long firstSequence) {}
