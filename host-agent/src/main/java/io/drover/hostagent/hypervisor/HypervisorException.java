package io.drover.hostagent.hypervisor;

/** A hypervisor did not do what it was asked. */
public final class HypervisorException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a caller can act on. */
  public enum Reason {
    /** The VM's process did not come up; nothing is left of it. */
    CANNOT_START,
    /** The VM's process is gone. */
    GONE,
    /** The hypervisor answered with an error; the VM is as it was. */
    REFUSED,
    /** No answer in time; whether it happened is unknown until asked again. */
    TIMED_OUT,
    /** The migration ended without moving the VM; the source still has it. */
    MIGRATION_FAILED
  }

  private final Reason reason;

  public HypervisorException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public HypervisorException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
