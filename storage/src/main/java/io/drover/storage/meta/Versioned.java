package io.drover.storage.meta;

/** A value with the version of the znode it was read from, for the next compare-and-set. */
public record Versioned<T>(T value, int version) {}
