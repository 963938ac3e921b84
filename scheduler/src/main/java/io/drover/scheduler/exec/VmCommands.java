package io.drover.scheduler.exec;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.exec.Replies.Refusal;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.plan.HandPlacement;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.Reason;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What operators may ask for about one machine. */
final class VmCommands {
  private final Shell shell;
  private final VmCatalog catalog;
  private final IntentStore records;
  private final ClusterBook book;
  private final Moves moves;
  private final MoveBook moveBook;
  private final VmKeeper vmKeeper;
  private final Planning planning;
  private final Operations operations;
  private final Replies replies;

  VmCommands(
      Shell shell,
      VmCatalog catalog,
      IntentStore records,
      ClusterBook book,
      Moves moves,
      MoveBook moveBook,
      VmKeeper vmKeeper,
      Planning planning,
      Operations operations,
      Replies replies) {
    this.shell = shell;
    this.catalog = catalog;
    this.records = records;
    this.book = book;
    this.moves = moves;
    this.moveBook = moveBook;
    this.vmKeeper = vmKeeper;
    this.planning = planning;
    this.operations = operations;
    this.replies = replies;
  }

  void migrate(SchedulerCommand.MigrateVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    HostRecord to = host(c.toHost());
    String name = vm.spec().name();
    if (vm.placement().host().filter(to.host()::equals).isPresent()) {
      throw new Refusal(Reason.CONFLICT, name + " is on " + to.host() + " already");
    }
    if (moves.of(vm.spec().id().value()).isPresent()) {
      throw new Refusal(Reason.CONFLICT, name + " is being moved already");
    }
    boolean told =
        vm.placement().host().filter(on -> book.tellsOf(on, vm.spec().id().value())).isPresent();
    if (told && book.copyAtPlace(vm).state() != CopyState.RUNNING) {
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
              Replies.accepted(c.replyTo(), id, name + " moves to " + to.host());
            },
            failure -> Replies.refused(c.replyTo(), failure));
    if (busy.isPresent()) {
      throw new Refusal(Reason.CONFLICT, name + " cannot be moved now: " + busy.get());
    }
  }

  private void refuseIfImpossible(String vm, String host) throws Refusal {
    Optional<String> why =
        HandPlacement.refusal(planning.withoutForecasts(), planning.policy(), vm, host);
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
        .map(VmCommands::moveEnded)
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

  void start(SchedulerCommand.StartVm c) throws Refusal {
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
        replies.answer(
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

  void stop(SchedulerCommand.StopVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    String id = vm.spec().id().value();
    refuseIfBusy(vm);
    moves.cancel(id, "an operator stops the machine");
    vmKeeper.wish(
        vm,
        DesiredState.STOPPED,
        c.force(),
        replies.answer(
            c.replyTo(), "stop", name, name + " stops", () -> stopProgress(id), () -> {}));
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

  void reset(SchedulerCommand.ResetVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    refuseIfBusy(vm);
    if (moves.of(vm.spec().id().value()).isPresent() || !book.copyAtPlace(vm).alive()) {
      throw new Refusal(Reason.CONFLICT, name + " does not run, or is being moved");
    }
    Operations.Progress[] now = {Operations.Progress.going("resetting")};
    String id = replies.nextId();
    operations.begin(id, "reset", name, () -> now[0]);
    vmKeeper.reset(
        vm,
        trouble ->
            now[0] =
                trouble
                    .map(why -> Operations.Progress.failed("failed", why))
                    .orElseGet(() -> Operations.Progress.succeeded("reset", "")));
    Replies.accepted(c.replyTo(), id, name + " is reset");
  }

  void delete(SchedulerCommand.DeleteVm c) throws Refusal {
    VmRecord vm = vm(c.vm());
    String name = vm.spec().name();
    refuseIfBusy(vm);
    if (vm.placement().host().isPresent() || vm.placement().desired() == DesiredState.RUNNING) {
      throw new Refusal(Reason.CONFLICT, name + " is not stopped; stop it first");
    }
    String id = replies.nextId();
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
          Replies.accepted(c.replyTo(), id, name + " is deleted; its disks stay");
        },
        failure -> Replies.refused(c.replyTo(), failure));
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
}
