package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.storage.attach.AttachState;
import io.drover.storage.disk.DiskException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the machines on this host as their placement says, without starting or moving any.
 *
 * <p>Blocking; a check of a machine must not overlap with a step on it.
 */
final class VmSupervisor {
  private final String node;
  private final HypervisorDriver hypervisor;
  private final VmDisks disks;
  private final VmCatalog catalog;
  private final OrderGate gate;
  private final LocalVms locals;
  private final VmSteps steps;
  private final AgentMetrics metrics;

  VmSupervisor(
      String node,
      HypervisorDriver hypervisor,
      VmDisks disks,
      VmCatalog catalog,
      OrderGate gate,
      LocalVms locals,
      VmSteps steps,
      AgentMetrics metrics) {
    this.node = node;
    this.hypervisor = hypervisor;
    this.disks = disks;
    this.catalog = catalog;
    this.gate = gate;
    this.locals = locals;
    this.steps = steps;
    this.metrics = metrics;
  }

  /**
   * Takes over what an earlier agent left running and serves its disks again.
   *
   * <p>Copies that the placements do not name are killed, among them one that waited for a stream:
   * without its agent the move it was part of is undone.
   *
   * <p>May be repeated after a failure. A machine whose disks cannot be served yet does not make it
   * fail: its checks go on with that.
   */
  void adopt() throws VmCatalogException {
    Map<VmId, VmRecord> expected = new HashMap<>();
    Map<VmId, Long> epochs = new HashMap<>();
    for (VmRecord machine : catalog.list()) {
      if (machine.placement().host().filter(node::equals).isPresent()) {
        expected.put(machine.spec().id(), machine);
        epochs.put(machine.spec().id(), machine.placement().placementEpoch());
      }
    }
    List<RunningVm> running = hypervisor.adopt(epochs);
    for (RunningVm process : running) {
      VmRecord machine = expected.get(process.id());
      if (machine == null) {
        throw new IllegalStateException(
            "the hypervisor adopted " + process.id() + ", which was not expected");
      }
      boolean known =
          locals.find(process.id()).filter(local -> local.process().equals(process)).isPresent();
      if (!known) {
        locals.add(machine.spec(), process);
        AgentLog.vm(node, process.id(), "adopted its process " + process.pid());
      }
      serveAgain(machine);
    }
  }

  private void serveAgain(VmRecord machine) {
    VmId vm = machine.spec().id();
    try {
      serve(machine, gate.intentOpen(vm.value()));
    } catch (DiskException | OrderRefusedException e) {
      // Its I/O waits; every check tries again.
      AgentLog.trouble(node, vm, "cannot serve its disks yet", e);
    }
  }

  /**
   * In the middle of a move the lease may be the destination's by now, and must not be taken from
   * it; the scheduler gives it back if it undoes the move.
   */
  private void serve(VmRecord machine, boolean moving) throws DiskException {
    disks.attach(machine.spec().disks());
    if (!moving) {
      disks.seizeLeases(machine.spec().disks(), VmDisks.placed(machine.placement()));
    } else if (disks.leasesAreOurs(machine.spec().disks())) {
      disks.takeLeases(machine.spec().disks(), VmDisks.placed(machine.placement()));
    }
  }

  /** Looks after one machine; called every so often and after events. */
  void check(VmId vm) {
    Optional<LocalVm> present = locals.find(vm);
    if (present.isEmpty()) {
      return;
    }
    LocalVm local = present.get();
    try {
      Optional<VmRecord> machine = catalog.find(vm.value());
      boolean ours = machine.isPresent() && names(machine.get().placement(), local);
      if (ours) {
        checkOurs(machine.get(), local);
      } else if (!gate.intentOpen(vm.value())) {
        AgentLog.vm(
            node,
            vm,
            "killing the copy with epoch " + local.placementEpoch() + ": it belongs elsewhere");
        steps.end(local);
        metrics.orphans.inc();
      }
    } catch (VmCatalogException | OrderRefusedException | DiskException | HypervisorException e) {
      AgentLog.trouble(node, vm, "check put off", e);
    }
  }

  private void checkOurs(VmRecord machine, LocalVm local)
      throws OrderRefusedException, DiskException, HypervisorException {
    VmId vm = machine.spec().id();
    CopyState state = local.state();
    // A hypervisor may not answer just because it waits for its disks.
    boolean wantsIo =
        state == CopyState.RUNNING || state == CopyState.IO_ERROR || state == CopyState.UNKNOWN;
    if (!wantsIo || machine.placement().desired() == DesiredState.STOPPED) {
      return;
    }
    boolean moving = gate.intentOpen(vm.value());
    if (!holdsAll(machine)) {
      serve(machine, moving);
    }
    if (moving) {
      return;
    }
    if (state == CopyState.IO_ERROR && disks.trouble(machine.spec().disks()).isEmpty()) {
      // What failed is tried again by the hypervisor; the guest sees a pause, no error.
      local.process().resume();
      metrics.resumes.inc();
      AgentLog.vm(node, vm, "its disks answer again, it goes on");
    }
  }

  private boolean holdsAll(VmRecord machine) {
    List<CopyView.DiskView> views = disks.view(machine.spec().disks());
    return views.size() == machine.spec().disks().size()
        && views.stream().allMatch(view -> view.attachState().equals(AttachState.HOLDER.name()));
  }

  private boolean names(VmPlacement placement, LocalVm local) {
    return placement.host().filter(node::equals).isPresent()
        && placement.placementEpoch() == local.placementEpoch();
  }
}
