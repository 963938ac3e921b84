package io.drover.storage.replica;

/** A block as one record wrote it. */
public record BlockReference(int block, int version, long sequence) {}
