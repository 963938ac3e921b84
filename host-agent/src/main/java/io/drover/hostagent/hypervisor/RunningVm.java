package io.drover.hostagent.hypervisor;

import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A VM's process on this host, whether started by this daemon or by an earlier one. Blocking; safe
 * for use by many threads.
 */
public interface RunningVm {
  VmId id();

  long pid();

  /** The epoch under which the process was started. */
  long placementEpoch();

  /**
   * Asked of the hypervisor; UNKNOWN while it does not answer. What it last said is no answer: a
   * copy that waited for a stream may run by now.
   */
  VmRunState state();

  void pause() throws HypervisorException;

  /**
   * Lets the virtual CPUs run: after a pause, after an I/O error (the failed requests are tried
   * again), or after an arrival by migration.
   */
  void resume() throws HypervisorException;

  /** As by a reset button. */
  void reset() throws HypervisorException;

  /** Asks the guest to power off; it may not listen. */
  void powerDown() throws HypervisorException;

  /**
   * Ends the process and returns once it is gone. Works without the hypervisor's cooperation; does
   * nothing when it is gone.
   */
  void kill();

  /**
   * Starts to copy the VM to an {@link IncomingVm}. Once memory is copied it waits for {@link
   * MigrationRun#continueSwitchover()}.
   *
   * @throws HypervisorException REFUSED when the hypervisor cannot migrate this VM now
   */
  MigrationRun migrateTo(String uri, MigrationLimits limits) throws HypervisorException;

  /**
   * The migration away from here that is under way or was the last, also when an earlier daemon
   * began it.
   *
   * @return empty when this process was never migrated
   */
  Optional<MigrationRun> migration() throws HypervisorException;

  /** Tells the network where the VM now is. */
  void announce() throws HypervisorException;

  /** Operating-system ids of the threads that run guest code. */
  List<Long> vcpuThreads();

  /** Counters of all its disks since the process started; the sum over the disks. */
  DiskCounters diskCounters() throws HypervisorException;

  /**
   * Counters of its network interface since the process started; empty where the kind of network
   * keeps none.
   */
  Optional<NetCounters> netCounters();

  /**
   * Where what the guest wrote to its serial console is kept, over restarts too; only its end once
   * it has grown long.
   */
  Path consoleLog();

  /** A Unix socket on which the serial console can be used by one peer at a time. */
  Path consoleSocket();

  /**
   * Registers for events from now on; also told {@link VmEvent.Crashed} at once when the process is
   * gone already.
   */
  void onEvent(Consumer<VmEvent> listener);
}
