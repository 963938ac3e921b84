package io.drover.scheduler.plan;

/** What a virtual machine is doing, as far as the planner has to know. */
public enum VmCondition {
  /** Shall run and has no host: waits for a place. */
  UNPLACED,
  STARTING,
  RUNNING,
  MOVING,
  /** Stopped by its operator: takes no room. */
  STOPPED,
  /** Paused, in an I/O error or otherwise not fit to be moved; it keeps its room. */
  BLOCKED
}
