package io.drover.hostagent.vm;

/**
 * What the operator asked of a VM, kept so that a crash or a restart of a host can be told from a
 * wish.
 */
public enum DesiredState {
  RUNNING,
  STOPPED
}
