package io.drover.scheduler.exec;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.HandPlacement;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Carries out what operators ask for. A command is answered once what it asks for is recorded, so
 * that the next scheduler knows it, too.
 */
final class Commands {
  private final Shell shell;
  private final VmCatalog catalog;
  private final IntentStore records;
  private final ClusterBook book;
  private final Moves moves;
  private final MoveBook moveBook;
  private final VmKeeper vmKeeper;
  private final HostKeeper hostKeeper;
  private final Planning planning;
  private final Operations operations;
  private final long epoch;
  private int numbered;

  Commands(
      Shell shell,
      VmCatalog catalog,
      IntentStore records,
      ClusterBook book,
      Moves moves,
      MoveBook moveBook,
      VmKeeper vmKeeper,
      HostKeeper hostKeeper,
      Planning planning,
      Operations operations,
      long epoch) {
    this.shell = shell;
    this.catalog = catalog;
    this.records = records;
    this.book = book;
    this.moves = moves;
    this.moveBook = moveBook;
    this.vmKeeper = vmKeeper;
    this.hostKeeper = hostKeeper;
    this.planning = planning;
    this.operations = operations;
    this.epoch = epoch;
  }

  /** Refuses a command, with nothing changed. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    Refusal(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }
  }

  void handle(SchedulerCommand command) {
    try {
      switch (command) {
        case SchedulerCommand.MigrateVm c -> migrate(c);
        case SchedulerCommand.StartVm c -> start(c);
        case SchedulerCommand.StopVm c -> stop(c);
        case SchedulerCommand.ResetVm c -> reset(c);
        case SchedulerCommand.DeleteVm c -> delete(c);
        case SchedulerCommand.DrainHost c -> drain(c);
        case SchedulerCommand.UndrainHost c -> undrain(c);
        case SchedulerCommand.StandbyHost c -> standby(c);
        case SchedulerCommand.WakeHost c -> wake(c);
        case SchedulerCommand.SetMode c -> mode(c);
        case SchedulerCommand.ApprovePlan c -> approve(c);
        case SchedulerCommand.RejectPlan c -> reject(c);
      }
    } catch (Refusal refusal) {
      command
          .replyTo()
          .tell(new SchedulerView.Refused(refusal.reason, String.valueOf(refusal.getMessage())));
    }
  }

  private void migrate(SchedulerCommand.MigrateVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    HostRecord to = host(c.toHost());
    String name = vm.spec().name();
    if (vm.placement().host().filter(to.host()::equals).isPresent()) {
      throw new Refusal(Reason.CONFLICT, name + " is on " + to.host() + " already");
    }
    if (book.copyAtPlace(vm).state() != CopyState.RUNNING) {
      throw new Refusal(Reason.CONFLICT, name + " does not run, so it cannot be moved");
    }
    refuseIfImpossible(name, to.host());
    Optional<String> busy =
        planning.move(
            vm,
            to.host(),
            true,
            "an operator asked for it",
            id -> {
              operations.begin(id, "move", name, () -> moveProgress(id, vm));
              accepted(c.replyTo(), id, name + " moves to " + to.host());
            },
            failure -> refused(c.replyTo(), failure));
    if (busy.isPresent()) {
      throw new Refusal(Reason.CONFLICT, name + " cannot be moved now: " + busy.get());
    }
  }

  private void refuseIfImpossible(String vm, String host) throws Refusal {
    Optional<ClusterState> state = planning.plans().state();
    Optional<String> why =
        state.flatMap(known -> HandPlacement.refusal(known, planning.policy(), vm, host));
    if (why.isPresent()) {
      throw new Refusal(Reason.CONFLICT, vm + " cannot be on " + host + ": it " + why.get());
    }
  }

  private Operations.Progress moveProgress(String id, VmRecord vm) {
    Optional<Move> move = moves.of(vm.spec().id().value()).filter(open -> open.id().equals(id));
    if (move.isPresent()) {
      return Operations.Progress.going(
          move.get().migration().stage().name().toLowerCase(Locale.ROOT));
    }
    return moveBook.ended().stream()
        .filter(ended -> ended.id().equals(id))
        .findFirst()
        .map(Commands::moveEnded)
        .orElseGet(() -> Operations.Progress.failed("lost", "nothing is known of it any more"));
  }

  /** How a move that ended went. */
  static Operations.Progress moveEnded(SchedulerView.MoveInfo ended) {
    return ended.outcome().equals("moved")
        ? Operations.Progress.succeeded(
            "moved",
            "in %d ms, stood still for %d ms"
                .formatted(ended.actualMillis(), ended.actualDowntimeMillis()))
        : Operations.Progress.failed(ended.outcome(), ended.trouble().orElse("no reason is known"));
  }

  private void start(SchedulerCommand.StartVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    boolean chooses = c.host().isEmpty();
    if (!chooses) {
      HostRecord host = host(c.host());
      if (!host.takesVms()) {
        throw new Refusal(
            Reason.CONFLICT, "host " + host.host() + " is " + host.power() + ": it takes no VMs");
      }
      refuseIfImpossible(name, host.host());
    }
    if (vm.placement().host().isPresent()) {
      if (vm.placement().desired() == DesiredState.STOPPED) {
        throw new Refusal(Reason.CONFLICT, name + " is being stopped; start it when it has");
      }
      if (!chooses && !vm.placement().host().get().equals(c.host())) {
        throw new Refusal(
            Reason.CONFLICT,
            name + " runs on " + vm.placement().host().get() + "; move it with `vm migrate`");
      }
    }
    refuseIfBusy(vm);
    Consumer<Optional<Exception>> then =
        answer(
            c.replyTo(), "start", name, name + " starts", () -> startProgress(vm), planning::plan);
    if (chooses || vm.placement().host().isPresent()) {
      vmKeeper.wish(vm, DesiredState.RUNNING, false, then);
    } else {
      moveBook.started(vm.spec().id().value());
      vmKeeper.start(vm, c.host(), then);
    }
  }

  private Operations.Progress startProgress(VmRecord asked) {
    String id = asked.spec().id().value();
    Optional<VmRecord> now = book.vm(id);
    if (now.isEmpty() || now.get().placement().desired() == DesiredState.STOPPED) {
      return Operations.Progress.failed("stopped", "it was stopped or deleted meanwhile");
    }
    VmPlacement placement = now.get().placement();
    boolean runs =
        book.copyAtPlace(now.get()).state() == CopyState.RUNNING
            && book.copyAtPlace(now.get()).placementEpoch() == placement.placementEpoch();
    if (runs) {
      return Operations.Progress.succeeded("running", "on " + placement.host().orElse("?"));
    }
    if (!vmKeeper.troubleOf(id).isEmpty()) {
      return Operations.Progress.failed(
          "failed", vmKeeper.troubleOf(id) + " (it is tried again by itself)");
    }
    return Operations.Progress.going(
        placement
            .host()
            .map(host -> "starting on " + host)
            .orElseGet(() ->
                planning
                    .plans()
                    .plan()
                    .map(plan -> plan.vmReasons().get(now.get().spec().name()))
                    .orElse("waiting for a plan")));
  }

  private void stop(SchedulerCommand.StopVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    String id = vm.spec().id().value();
    refuseIfBusy(vm);
    moves.cancel(id, "an operator stops the machine");
    vmKeeper.wish(
        vm,
        DesiredState.STOPPED,
        c.force(),
        answer(c.replyTo(), "stop", name, name + " stops", () -> stopProgress(id), () -> {}));
  }

  private Operations.Progress stopProgress(String id) {
    Optional<VmPlacement> now = book.vm(id).map(VmRecord::placement);
    if (now.isEmpty() || now.get().host().isEmpty()) {
      return Operations.Progress.succeeded("stopped", "");
    }
    return now.get().desired() == DesiredState.RUNNING
        ? Operations.Progress.failed("running", "it was started meanwhile")
        : Operations.Progress.going("stopping on " + now.get().host().get());
  }

  private void reset(SchedulerCommand.ResetVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    refuseIfBusy(vm);
    if (moves.of(vm.spec().id().value()).isPresent() || !book.copyAtPlace(vm).alive()) {
      throw new Refusal(Reason.CONFLICT, name + " does not run, or is being moved");
    }
    Operations.Progress[] now = {Operations.Progress.going("resetting")};
    String id = nextId();
    operations.begin(id, "reset", name, () -> now[0]);
    vmKeeper.reset(
        vm,
        trouble ->
            now[0] =
                trouble
                    .map(why -> Operations.Progress.failed("failed", why))
                    .orElseGet(() -> Operations.Progress.succeeded("reset", "")));
    accepted(c.replyTo(), id, name + " is reset");
  }

  private void delete(SchedulerCommand.DeleteVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    refuseIfBusy(vm);
    if (vm.placement().host().isPresent() || vm.placement().desired() == DesiredState.RUNNING) {
      throw new Refusal(Reason.CONFLICT, name + " is not stopped; stop it first");
    }
    String id = nextId();
    shell.blocking(
        () -> {
          records.confirm();
          catalog.delete(vm.spec().id());
          return id;
        },
        ignored -> {
          book.removeVm(vm.spec().id().value());
          operations.begin(
              id, "delete", name, () -> Operations.Progress.succeeded("deleted", "disks stay"));
          accepted(c.replyTo(), id, name + " is deleted; its disks stay");
        },
        failure -> refused(c.replyTo(), failure));
  }

  private void drain(SchedulerCommand.DrainHost c) throws Refusal {
    HostRecord host = host(c.host());
    String name = host.host();
    if (host.power() == HostPower.STANDBY || host.power() == HostPower.WAKING) {
      throw new Refusal(Reason.CONFLICT, "host " + name + " is " + host.power());
    }
    hostKeeper.drain(
        host,
        answer(
            c.replyTo(),
            "drain",
            name,
            name + " drains",
            () -> drainProgress(name),
            planning::plan));
  }

  private Operations.Progress drainProgress(String host) {
    if (book.powerOf(host) != HostPower.DRAINING) {
      return Operations.Progress.failed("ended", "host " + host + " is " + book.powerOf(host));
    }
    int left = book.placedOn(host).size();
    return left == 0
        ? Operations.Progress.succeeded("drained", "no machine is left")
        : Operations.Progress.going(left + " machines left");
  }

  private void undrain(SchedulerCommand.UndrainHost c) throws Refusal {
    HostRecord host = host(c.host());
    if (host.power() != HostPower.DRAINING) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is not draining");
    }
    hostKeeper.wake(host, onOff(c.replyTo(), "undrain", host.host(), HostPower.ON));
  }

  private void standby(SchedulerCommand.StandbyHost c) throws Refusal {
    HostRecord host = host(c.host());
    Optional<String> blocker =
        StateBuilder.sleepBlocker(host.traits(), hostKeeper.powerOf(host.host()));
    if (blocker.isPresent()) {
      throw new Refusal(
          Reason.CONFLICT, "host " + host.host() + " may not sleep: " + blocker.get());
    }
    if (host.power() == HostPower.WAKING) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is waking");
    }
    if (host.power() == HostPower.STANDBY) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is in standby already");
    }
    hostKeeper.beginStandby(host, onOff(c.replyTo(), "standby", host.host(), HostPower.STANDBY));
  }

  private void wake(SchedulerCommand.WakeHost c) throws Refusal {
    HostRecord host = host(c.host());
    if (host.power() == HostPower.ON) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is on already");
    }
    hostKeeper.wake(host, onOff(c.replyTo(), "wake", host.host(), HostPower.ON));
  }

  private Consumer<Optional<Exception>> onOff(
      ActorRef<SchedulerView> replyTo, String kind, String host, HostPower wanted) {
    return answer(
        replyTo,
        kind,
        host,
        kind + " of " + host + " begun",
        () -> powerProgress(host, wanted),
        planning::plan);
  }

  private Operations.Progress powerProgress(String host, HostPower wanted) {
    HostPower now = book.powerOf(host);
    if (now == wanted) {
      return Operations.Progress.succeeded(now.name().toLowerCase(Locale.ROOT), "");
    }
    boolean onTheWay =
        wanted == HostPower.STANDBY ? now == HostPower.DRAINING : now == HostPower.WAKING;
    String trouble = hostKeeper.troubleOf(host);
    String phase = now.name().toLowerCase(Locale.ROOT) + (trouble.isEmpty() ? "" : ": " + trouble);
    return onTheWay
        ? Operations.Progress.going(phase)
        : Operations.Progress.failed(phase, "the scheduler took it back into service");
  }

  private void mode(SchedulerCommand.SetMode c) throws Refusal {
    Mode wanted =
        Arrays.stream(Mode.values())
            .filter(mode -> mode.name().equalsIgnoreCase(c.mode()))
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    Reason.INVALID,
                    "mode '" + c.mode() + "' is none of automatic, recommend, off"));
    shell.blocking(
        () -> {
          records.mode(wanted);
          return wanted;
        },
        kept -> {
          planning.mode(kept);
          String text = "the mode is " + kept.name().toLowerCase(Locale.ROOT);
          done(c.replyTo(), "mode", "scheduler", text);
          planning.plan();
        },
        failure -> refused(c.replyTo(), failure));
  }

  private void approve(SchedulerCommand.ApprovePlan c) throws Refusal {
    requirePlan(c.planId());
    int begun = planning.approve();
    done(c.replyTo(), "approve", c.planId(), begun + " actions begun");
  }

  private void reject(SchedulerCommand.RejectPlan c) throws Refusal {
    requirePlan(c.planId());
    int dropped = planning.reject();
    done(c.replyTo(), "reject", c.planId(), dropped + " actions dropped for now");
  }

  private void requirePlan(String id) throws Refusal {
    if (!planning.plans().id().equals(id)) {
      throw new Refusal(
          Reason.CONFLICT,
          "the plan is " + planning.plans().id() + " by now, not " + id + "; look at it again");
    }
    if (planning.plans().waiting().isEmpty()) {
      throw new Refusal(Reason.CONFLICT, "nothing in plan " + id + " waits for approval");
    }
  }

  private void refuseIfBusy(VmRecord vm) throws Refusal {
    Optional<VmKeeper.Task> task = vmKeeper.taskOf(vm.spec().id().value());
    if (task.isPresent() && task.get() == VmKeeper.Task.PLACING) {
      throw new Refusal(
          Reason.CONFLICT, vm.spec().name() + " is being worked on just now; try again");
    }
  }

  private VmRecord vm(String nameOrId) throws Refusal {
    return book.vmNamed(nameOrId)
        .orElseThrow(
            () -> new Refusal(Reason.NOT_FOUND, "there is no VM named '" + nameOrId + "'"));
  }

  private HostRecord host(String name) throws Refusal {
    return book.host(name)
        .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "there is no host '" + name + "'"));
  }

  private Consumer<Optional<Exception>> answer(
      ActorRef<SchedulerView> replyTo,
      String kind,
      String subject,
      String message,
      Supplier<Operations.Progress> look,
      Runnable next) {
    String id = nextId();
    return failure -> {
      if (failure.isPresent()) {
        refused(replyTo, failure.get());
      } else {
        operations.begin(id, kind, subject, look);
        accepted(replyTo, id, message);
        next.run();
      }
    };
  }

  private void done(ActorRef<SchedulerView> replyTo, String kind, String subject, String text) {
    String id = nextId();
    operations.begin(id, kind, subject, () -> Operations.Progress.succeeded("done", text));
    accepted(replyTo, id, text);
  }

  private String nextId() {
    numbered++;
    return "o" + epoch + "-" + numbered;
  }

  private static void accepted(ActorRef<SchedulerView> replyTo, String id, String message) {
    replyTo.tell(new SchedulerView.Accepted(id, message));
  }

  private static void refused(ActorRef<SchedulerView> replyTo, Exception failure) {
    Reason reason =
        failure instanceof IntentException.Unavailable ? Reason.UNAVAILABLE : Reason.CONFLICT;
    replyTo.tell(new SchedulerView.Refused(reason, String.valueOf(failure.getMessage())));
  }
}
