package io.drover.scheduler.migrate;

/** Where a migration stands; each is recorded before its action starts. */
public enum MigrationStage {
  PREPARE,
  COPY,
  RELEASE,
  TAKE,
  SWITCH,
  /** It is not known how the switch-over went: both sides are asked. */
  DECIDE,
  COMMIT,
  /** Committed: the destination is told to run. Recorded by the commit itself. */
  RESUME,
  END_SOURCE,
  UNDO_DESTINATION,
  UNDO_SOURCE,
  /** Ended: the destination runs. */
  MOVED,
  /** Ended: the source runs. */
  UNDONE,
  /**
   * Ended: neither copy is alive, the machine has to be started from its disks under a new
   * placement epoch.
   */
  DEAD;

  /** Whether nothing is left to do. */
  public boolean ended() {
    return this == MOVED || this == UNDONE || this == DEAD;
  }

  /** Whether the machine belongs to the destination. */
  public boolean committed() {
    return this == RESUME || this == END_SOURCE || this == MOVED;
  }
}
