package io.drover.hostagent.power;

/** Whether a host has power, as far as its management can tell. */
public enum PowerStatus {
  ON,
  OFF,
  /** Not known to this driver, or its management does not answer. */
  UNKNOWN
}
