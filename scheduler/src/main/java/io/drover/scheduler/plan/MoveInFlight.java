package io.drover.scheduler.plan;

/** A migration under way: it counts on both hosts until it is over. */
public record MoveInFlight(String vm, String from, String to) {}
