package io.drover.hostagent.host;

/** Power state of a host as the cluster wants or knows it. */
public enum HostPower {
  /** Takes machines. */
  ON,
  /** Takes no new machines; those it has are moved off. */
  DRAINING,
  /** Powered off, seen gone. */
  STANDBY,
  /** Powered on, its agent has not reported yet. */
  WAKING
}
