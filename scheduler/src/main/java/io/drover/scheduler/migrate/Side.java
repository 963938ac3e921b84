package io.drover.scheduler.migrate;

/** One of the two hosts of a migration. */
public enum Side {
  SOURCE,
  DESTINATION
}
