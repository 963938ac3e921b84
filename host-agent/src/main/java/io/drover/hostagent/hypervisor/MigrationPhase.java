package io.drover.hostagent.hypervisor;

/** How far a migration came, seen from one side. */
public enum MigrationPhase {
  NONE,
  SETUP,
  ACTIVE,
  /**
   * Source: everything but the last state is copied, the VM stands still and its disks are flushed;
   * waits for {@link MigrationRun#continueSwitchover()}.
   */
  PRE_SWITCHOVER,
  DEVICE,
  COMPLETED,
  FAILED,
  CANCELLING,
  CANCELLED;

  /** Whether nothing more will happen. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
