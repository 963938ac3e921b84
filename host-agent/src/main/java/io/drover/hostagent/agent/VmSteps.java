package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmSpec;
import io.drover.storage.disk.DiskException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries out the steps of orders on this host's machines.
 *
 * <p>Blocking. Steps of one machine must not overlap; {@link #interrupt} alone may be called
 * meanwhile. Every step looks at what is there first, so that it may be repeated, also by an agent
 * that was restarted since. Whatever the order says, a copy is only let run or ended if the
 * machine's placement agrees.
 */
final class VmSteps {
  private final String node;
  private final HypervisorDriver hypervisor;
  private final VmDisks disks;
  private final VmCatalog catalog;
  private final LocalVms locals;
  private final StepLimits limits;

  VmSteps(
      String node,
      HypervisorDriver hypervisor,
      VmDisks disks,
      VmCatalog catalog,
      LocalVms locals,
      StepLimits limits) {
    this.node = node;
    this.hypervisor = hypervisor;
    this.disks = disks;
    this.catalog = catalog;
    this.locals = locals;
    this.limits = limits;
  }

  /** Does the step, or says in the exception's message why it could not. */
  StepResult perform(VmId vm, AgentStep step)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    return switch (step) {
      case AgentStep.StartVm start -> start(vm, start.placementEpoch());
      case AgentStep.StopVm stop -> stop(vm, stop.force());
      case AgentStep.ResetVm ignored -> reset(vm);
      case AgentStep.PrepareIncoming prepare -> prepareIncoming(vm, prepare.placementEpoch());
      case AgentStep.PreCopy copy -> preCopy(vm, copy.uri());
      case AgentStep.ReleaseDisks ignored -> releaseDisks(vm);
      case AgentStep.TakeDisks ignored -> takeDisks(vm);
      case AgentStep.SwitchOver ignored -> switchOver(vm);
      case AgentStep.ResumeIncoming ignored -> resumeIncoming(vm);
      case AgentStep.EndSource ignored -> endSource(vm);
      case AgentStep.DropIncoming ignored -> dropIncoming(vm);
      case AgentStep.TakeBack ignored -> takeBack(vm);
      case AgentStep.Inspect ignored -> done(vm);
    };
  }

  /**
   * Makes a step that waits give up: one that copies memory fails, one that stops a machine ends it
   * without its guest.
   */
  void interrupt(VmId vm) throws HypervisorException {
    locals.find(vm).ifPresent(LocalVm::waitNoLonger);
    Optional<MigrationRun> run = locals.find(vm).flatMap(LocalVm::run);
    if (run.isPresent()) {
      run.get().cancel();
    }
  }

  private StepResult start(VmId vm, long epoch)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    VmRecord machine = catalog.get(vm.value());
    if (!ours(machine.placement(), epoch)) {
      throw new StepException(
          "the placement of " + vm + " is " + text(machine.placement()) + ", not this start");
    }
    Optional<LocalVm> present = locals.find(vm);
    if (present.isPresent()) {
      LocalVm local = present.get();
      if (local.placementEpoch() == epoch && locals.view(vm).alive()) {
        return done(vm);
      }
      local.endAsked();
      local.process().kill();
      locals.remove(vm);
    }
    VmSpec spec = machine.spec();
    try {
      VmLaunch launch = VmLaunch.of(spec, epoch, disks.attach(spec.disks()));
      disks.seizeLeases(spec.disks(), VmDisks.placed(machine.placement()));
      // This host may have stood still between the look at the placement and the lease; whoever
      // the machine was given to meanwhile takes the lease back, but two must not run.
      VmPlacement now = catalog.get(vm.value()).placement();
      if (!ours(now, epoch)) {
        throw new StepException("meanwhile the placement of " + vm + " is " + text(now));
      }
      locals.add(spec, hypervisor.start(launch));
    } catch (HypervisorException | DiskException | VmCatalogException | StepException e) {
      disks.detach(spec.disks());
      throw e;
    }
    return done(vm);
  }

  private StepResult stop(VmId vm, boolean force)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    Optional<LocalVm> present = locals.find(vm);
    if (present.isPresent()) {
      LocalVm local = present.get();
      requireNotWanted(local);
      CopyState state = local.state();
      if (!force && (state == CopyState.RUNNING || state == CopyState.UNKNOWN)) {
        local.process().powerDown();
        awaitEnd(local);
      }
      end(local);
    }
    return done(vm);
  }

  /**
   * A guest that does not listen is ended all the same once the time is over: the operator wants it
   * stopped.
   */
  private void awaitEnd(LocalVm local) {
    try {
      CompletableFuture.anyOf(local.ended(), local.waitedEnough())
          .get(limits.shutdown().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      AgentLog.trouble(node, local.spec().id(), "guest did not power off in time, ending it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private StepResult reset(VmId vm) throws HypervisorException, StepException {
    require(vm).process().reset();
    return done(vm);
  }

  private StepResult prepareIncoming(VmId vm, long epoch)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    VmRecord machine = catalog.get(vm.value());
    if (onThisHost(machine.placement())) {
      throw new StepException(vm + " is placed on this host already");
    }
    Optional<LocalVm> present = locals.find(vm);
    if (present.isPresent()) {
      // Left by an earlier move of this machine that was undone; it may hold a part of a stream.
      end(present.get());
    }
    VmSpec spec = machine.spec();
    try {
      VmLaunch launch = VmLaunch.of(spec, epoch, disks.attach(spec.disks()));
      IncomingVm incoming = hypervisor.startIncoming(launch, limits.listenAddress());
      locals.add(spec, incoming);
      return new StepResult(
          locals.view(vm), Optional.of(incoming.migrationUri()), Optional.empty());
    } catch (HypervisorException | DiskException e) {
      disks.detach(spec.disks());
      throw e;
    }
  }

  private StepResult preCopy(VmId vm, String uri) throws HypervisorException, StepException {
    LocalVm local = require(vm);
    MigrationRun run = local.process().migrateTo(uri, limits.migration());
    local.run(Optional.of(run));
    try {
      run.awaitPreSwitchover(limits.preCopy());
    } catch (HypervisorException e) {
      run.cancel();
      throw e;
    }
    return done(vm);
  }

  private StepResult releaseDisks(VmId vm) throws DiskException, StepException {
    LocalVm local = require(vm);
    CopyState state = local.state();
    if (state == CopyState.RUNNING || state == CopyState.UNKNOWN) {
      throw new StepException(vm + " runs or may run, so its disks stay here: it is " + state);
    }
    disks.release(local.spec().disks());
    return done(vm);
  }

  private StepResult takeDisks(VmId vm) throws DiskException, StepException {
    LocalVm local = require(vm);
    disks.takeLeases(local.spec().disks(), VmDisks.arriving(vm, local.placementEpoch()));
    return done(vm);
  }

  private StepResult switchOver(VmId vm) throws HypervisorException, StepException {
    LocalVm local = require(vm);
    // QEMU knows of a copying that an earlier agent began.
    Optional<MigrationRun> run = runOf(local);
    if (run.isEmpty()) {
      throw new StepException("no copying of " + vm + " is under way");
    }
    run.get().continueSwitchover();
    run.get().awaitCompleted(limits.switchOver());
    MigrationStats stats = run.get().stats();
    return new StepResult(
        locals.view(vm),
        Optional.empty(),
        Optional.of(
            new StepResult.CopyStats(
                stats.total(),
                stats.downtime(),
                stats.transferredBytes(),
                stats.dirtiedBytesPerSecond())));
  }

  private StepResult resumeIncoming(VmId vm)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    LocalVm local = require(vm);
    VmPlacement placement = requireOurs(local);
    disks.attach(local.spec().disks());
    disks.seizeLeases(local.spec().disks(), VmDisks.placed(placement));
    if (local.state() != CopyState.RUNNING) {
      local.process().resume();
    }
    local.process().announce();
    return done(vm);
  }

  private StepResult endSource(VmId vm) throws DiskException, VmCatalogException, StepException {
    Optional<LocalVm> present = locals.find(vm);
    if (present.isPresent()) {
      requireNotOurs(present.get());
      end(present.get());
    }
    return done(vm);
  }

  private StepResult dropIncoming(VmId vm) throws DiskException, VmCatalogException, StepException {
    Optional<LocalVm> present = locals.find(vm);
    if (present.isPresent()) {
      requireNotOurs(present.get());
      end(present.get());
    } else {
      VmRecord machine = catalog.get(vm.value());
      if (!onThisHost(machine.placement())) {
        disks.detach(machine.spec().disks());
      }
    }
    return done(vm);
  }

  private StepResult takeBack(VmId vm)
      throws HypervisorException, DiskException, VmCatalogException, StepException {
    LocalVm local = require(vm);
    VmPlacement placement = requireOurs(local);
    if (!locals.view(vm).alive()) {
      throw new StepException("the copy of " + vm + " is dead: " + local.trouble());
    }
    disks.attach(local.spec().disks());
    disks.seizeLeases(local.spec().disks(), VmDisks.placed(placement));
    // Only with its disks back: a hypervisor that gives a migration up lets the machine go on.
    Optional<MigrationRun> run = runOf(local);
    if (run.isPresent()) {
      run.get().cancel();
      local.run(Optional.empty());
    }
    // The hypervisor lets the source go on by itself when the destination dies; then there is
    // nothing to resume.
    if (local.state() != CopyState.RUNNING) {
      local.process().resume();
    }
    return done(vm);
  }

  private static Optional<MigrationRun> runOf(LocalVm local) throws HypervisorException {
    return local.run().isPresent() ? local.run() : local.process().migration();
  }

  /**
   * Kills a copy and lets go of its disks; the next one to serve them need not wait for this host.
   */
  void end(LocalVm local) throws DiskException {
    local.endAsked();
    local.process().kill();
    local.run(Optional.empty());
    disks.detach(local.spec().disks());
    locals.remove(local.spec().id());
  }

  private StepResult done(VmId vm) {
    return StepResult.of(locals.view(vm));
  }

  private LocalVm require(VmId vm) throws StepException {
    return locals
        .find(vm)
        .orElseThrow(() -> new StepException("no copy of " + vm + " is on host " + node));
  }

  private VmPlacement requireOurs(LocalVm local) throws VmCatalogException, StepException {
    VmPlacement placement = catalog.get(local.spec().id().value()).placement();
    if (!ours(placement, local.placementEpoch())) {
      throw new StepException(
          "the copy here has epoch "
              + local.placementEpoch()
              + " but the placement is "
              + text(placement));
    }
    return placement;
  }

  private void requireNotOurs(LocalVm local) throws VmCatalogException, StepException {
    Optional<VmRecord> machine = catalog.find(local.spec().id().value());
    if (machine.isPresent() && ours(machine.get().placement(), local.placementEpoch())) {
      throw new StepException("the copy here is the one that the placement names");
    }
  }

  /** A machine that was started again meanwhile must not be ended by an order that comes late. */
  private void requireNotWanted(LocalVm local) throws VmCatalogException, StepException {
    Optional<VmRecord> machine = catalog.find(local.spec().id().value());
    if (machine.isPresent()
        && machine.get().placement().desired() == DesiredState.RUNNING
        && ours(machine.get().placement(), local.placementEpoch())) {
      throw new StepException("the copy here is to run, says the placement");
    }
  }

  private boolean ours(VmPlacement placement, long epoch) {
    return onThisHost(placement) && placement.placementEpoch() == epoch;
  }

  private boolean onThisHost(VmPlacement placement) {
    return placement.host().filter(node::equals).isPresent();
  }

  private static String text(VmPlacement placement) {
    return "epoch " + placement.placementEpoch() + " on " + placement.host().orElse("no host");
  }
}
