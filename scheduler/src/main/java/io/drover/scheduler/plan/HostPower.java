package io.drover.scheduler.plan;

/** Power state of a host, as the cluster's record has it. */
public enum HostPower {
  ON,
  /** On its way to standby: takes no new machines, and its machines are moved off. */
  DRAINING,
  STANDBY,
  WAKING
}
