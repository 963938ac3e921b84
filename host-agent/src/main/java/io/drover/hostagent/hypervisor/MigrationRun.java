package io.drover.hostagent.hypervisor;

import java.time.Duration;

/**
 * The source's side of one migration. Blocking; meant for one driving thread, while {@link
 * #cancel()} and {@link #stats()} may come from others.
 */
public interface MigrationRun {

  /**
   * Waits until the VM stands still with all but its last state copied.
   *
   * @throws HypervisorException MIGRATION_FAILED when it ended before; TIMED_OUT when it goes on:
   *     the caller cancels
   */
  void awaitPreSwitchover(Duration timeout) throws HypervisorException;

  /** Sends the last state. To be called once the disks belong to the destination. */
  void continueSwitchover() throws HypervisorException;

  /**
   * Waits until the destination has everything. The source then stands still for good.
   *
   * @throws HypervisorException MIGRATION_FAILED when the source kept the VM (it resumes by
   *     itself); TIMED_OUT when undecided; GONE when the source's process ended
   */
  void awaitCompleted(Duration timeout) throws HypervisorException;

  /**
   * Gives the migration up and waits until the source has settled. Does nothing to one that ended;
   * whether it was in time shows in {@link #stats()}.
   */
  void cancel() throws HypervisorException;

  MigrationStats stats() throws HypervisorException;
}
