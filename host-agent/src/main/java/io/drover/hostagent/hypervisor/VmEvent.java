package io.drover.hostagent.hypervisor;

import io.drover.hostagent.vm.VmId;

/**
 * Something that happened to a VM without being asked for by the listener. Delivered in order, on a
 * thread that must not be held for long.
 */
public sealed interface VmEvent {
  VmId vm();

  /** The virtual CPUs stand still. */
  record Stopped(VmId vm) implements VmEvent {}

  /** The virtual CPUs run (again). */
  record Resumed(VmId vm) implements VmEvent {}

  /**
   * A disk request failed.
   *
   * @param device the hypervisor's name of the disk, {@code disk0} and so on in the order of the
   *     description
   * @param write whether it was a write
   * @param stopped whether the VM stands still because of it
   */
  record IoError(VmId vm, String device, boolean write, boolean stopped, String message)
      implements VmEvent {}

  /**
   * The process is gone as intended: the guest powered off, or {@link RunningVm#kill()} was called.
   */
  record Shutdown(VmId vm, boolean byGuest) implements VmEvent {}

  /**
   * The process ended without a {@link Shutdown} before.
   *
   * @param message what is known, the end of its log included
   */
  record Crashed(VmId vm, String message) implements VmEvent {}

  /** A migration changed its phase, on either side. */
  record MigrationStatus(VmId vm, MigrationPhase phase) implements VmEvent {}
}
