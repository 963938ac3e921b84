package io.drover.hostagent.hypervisor;

/**
 * A VM that waits for its state. Runs only after {@link #resume()}, which the caller may do once
 * the migration is committed.
 */
public interface IncomingVm extends RunningVm {
  /** What to give to {@link RunningVm#migrateTo} at the source. */
  String migrationUri();
}
