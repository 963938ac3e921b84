package io.drover.hostagent.hypervisor;

/** What a VM's process is doing. */
public enum VmRunState {
  RUNNING,
  /** Stopped by request, or not yet started. */
  PAUSED,
  /**
   * Stopped by an error of its disk; {@link RunningVm#resume()} tries the request again and the
   * guest sees no error.
   */
  IO_ERROR,
  /** Waits for, or receives, a migration. */
  INCOMING,
  /** Source: held while the migration switches over, or after it completed. */
  POST_MIGRATE,
  /** The guest ended (powered off or panicked), or the process is gone. */
  EXITED,
  /** The process lives and its hypervisor does not answer: it may be doing any of the others. */
  UNKNOWN
}
