package io.drover.scheduler.exec;

import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmRecord;
import io.drover.predictor.forecast.Forecaster;
import io.drover.scheduler.cost.MigrationEstimate;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.intent.MoveIntent;
import io.drover.scheduler.migrate.Migration;
import io.drover.scheduler.plan.Action;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.HostView;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.plan.MoveInFlight;
import io.drover.scheduler.plan.Plan;
import io.drover.scheduler.plan.Planner;
import io.drover.scheduler.plan.Policy;
import io.drover.scheduler.plan.VmView;
import io.drover.scheduler.power.PowerMemory;
import io.drover.scheduler.settings.SchedulerSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Has plans made and begins what they say. */
final class Planning {
  private final Shell shell;
  private final ClusterBook book;
  private final Histories histories;
  private final FleetForecasts forecasts;
  private final ForecastLedger ledger;
  private final Moves moves;
  private final MoveBook moveBook;
  private final VmKeeper vmKeeper;
  private final HostKeeper hostKeeper;
  private final Forecaster forecaster;
  private final SchedulerSettings settings;
  private final long epoch;
  private final Instant since;
  private final SchedulerMetrics metrics;
  private final PlanBook plans = new PlanBook();
  private Mode mode;
  private PowerMemory power = PowerMemory.fresh();
  private int migrations;
  private boolean making;
  private boolean makeAgain;

  Planning(
      Shell shell,
      ClusterBook book,
      Histories histories,
      FleetForecasts forecasts,
      ForecastLedger ledger,
      Moves moves,
      MoveBook moveBook,
      VmKeeper vmKeeper,
      HostKeeper hostKeeper,
      Forecaster forecaster,
      SchedulerSettings settings,
      Mode mode,
      long epoch,
      Instant since,
      SchedulerMetrics metrics) {
    this.shell = shell;
    this.book = book;
    this.histories = histories;
    this.forecasts = forecasts;
    this.ledger = ledger;
    this.moves = moves;
    this.moveBook = moveBook;
    this.vmKeeper = vmKeeper;
    this.hostKeeper = hostKeeper;
    this.forecaster = forecaster;
    this.settings = settings;
    this.mode = mode;
    this.epoch = epoch;
    this.since = since;
    this.metrics = metrics;
  }

  PlanBook plans() {
    return plans;
  }

  Mode mode() {
    return mode;
  }

  void mode(Mode next) {
    mode = next;
  }

  /** What was made and what it was made from. */
  private record Made(ClusterState state, Plan plan) {}

  /** Makes a plan now; one that is being made is followed by another. */
  void plan() {
    if (making) {
      makeAgain = true;
      return;
    }
    if (!oriented()) {
      return;
    }
    making = true;
    StateBuilder.Input input = input();
    Policy policy = policy();
    Instant now = shell.now();
    long begun = System.nanoTime();
    shell.blocking(
        () -> {
          ClusterState state =
              StateBuilder.build(input, forecaster, policy.newVmCoresPerVcpu(), now);
          return new Made(state, Planner.plan(state, policy, now));
        },
        made -> {
          metrics.planSeconds.observe((System.nanoTime() - begun) / 1e9);
          made(made);
        },
        failure -> {
          // Without this a defect of the planner would end planning for good, and silently.
          SchedulerLog.trouble("no plan could be made", failure);
          ended();
        });
  }

  /**
   * A new scheduler waits until the hosts that are on have reported, or should have: before, it
   * would take them for unreachable and wake others.
   */
  private boolean oriented() {
    Instant now = shell.now();
    boolean all =
        book.hosts().stream()
            .filter(HostRecord::takesVms)
            .allMatch(host -> book.seen(host.host()).isPresent());
    return all
        || Duration.between(since, now).compareTo(settings.execution().reportStaleAfter()) >= 0;
  }

  Policy policy() {
    Policy p = settings.policy();
    return new Policy(
        mode,
        p.demandQuantile(),
        p.targetShare(),
        p.packShare(),
        p.newVmCoresPerVcpu(),
        p.memoryShare(),
        p.failoverHosts(),
        p.moves(),
        p.power());
  }

  /** Everything the planner needs to know now. */
  StateBuilder.Input input() {
    Instant now = shell.now();
    List<HostView> hosts = new ArrayList<>();
    for (HostRecord host : book.hosts()) {
      hosts.add(
          StateBuilder.host(
              host,
              book.reachable(host.host(), now),
              hostKeeper.powerOf(host.host()),
              (double) settings.linkBytesPerSecond(),
              mode == Mode.AUTOMATIC));
    }
    List<StateBuilder.VmFacts> vms = new ArrayList<>();
    for (VmRecord vm : book.vms()) {
      vms.add(facts(vm, now));
    }
    List<MoveInFlight> inFlight =
        moves.open().stream()
            .map(Move::migration)
            .map(m -> new MoveInFlight(book.nameOf(m.vm()), m.from(), m.to()))
            .toList();
    return new StateBuilder.Input(hosts, vms, inFlight, moveBook.model(), power);
  }

  /** The cluster as it is now, for questions that have nothing to do with demand. */
  ClusterState withoutForecasts() {
    StateBuilder.Input now = input();
    List<StateBuilder.VmFacts> vms =
        now.vms().stream().map(StateBuilder.VmFacts::withoutSamples).toList();
    return StateBuilder.build(
        new StateBuilder.Input(now.hosts(), vms, now.moves(), now.model(), now.power()),
        forecaster,
        settings.policy().newVmCoresPerVcpu(),
        shell.now());
  }

  private StateBuilder.VmFacts facts(VmRecord vm, Instant now) {
    String id = vm.spec().id().value();
    boolean reachable = vm.placement().host().map(host -> book.reachable(host, now)).orElse(false);
    return new StateBuilder.VmFacts(
        vm,
        StateBuilder.condition(
            vm,
            moves.of(id).isPresent(),
            vmKeeper.taskOf(id).isPresent(),
            !vmKeeper.rested(id),
            reachable,
            book.copyAtPlace(vm)),
        histories.samples(id),
        forecasts.range(id),
        moveBook.dirtyRate(id),
        moveBook.lastMoved(id),
        Optional.empty());
  }

  private void made(Made made) {
    Plan plan = made.plan();
    plans.put(plan, made.state());
    power = plan.power();
    metrics.plans.inc();
    metrics.lastPlan.set(plan.at().toEpochMilli() / 1000.0);
    metrics.demand.set(plan.totalDemand());
    for (VmView vm : made.state().vms()) {
      book.vmNamed(vm.id())
          .ifPresent(record -> ledger.promise(record.spec().id().value(), vm.cpu()));
    }
    for (Action action : plan.actions()) {
      if (!action.needsApproval()) {
        begin(action);
      }
    }
    ended();
  }

  private void ended() {
    making = false;
    if (makeAgain) {
      makeAgain = false;
      plan();
    }
  }

  /** Begins what an operator approves of; the number of actions begun. */
  int approve() {
    List<Action> waiting = plans.waiting();
    for (Action action : waiting) {
      if (action instanceof Action.Standby) {
        power = power.withStandby(shell.now());
      } else if (action instanceof Action.Wake) {
        power = power.withWake(shell.now());
      }
      begin(action);
    }
    return waiting.size();
  }

  /** Drops what an operator does not want. */
  int reject() {
    List<Action> waiting = plans.waiting();
    plans.reject(waiting, shell.now().plus(settings.policy().moves().cooldown()));
    return waiting.size();
  }

  private void begin(Action action) {
    Consumer<Optional<Exception>> note =
        failure ->
            plans.note(
                action, failure.map(cause -> "failed: " + cause.getMessage()).orElse("begun"));
    Optional<String> outdated =
        switch (action) {
          case Action.Move move -> beginMove(move, note);
          case Action.StartVm start -> beginStart(start, note);
          case Action.Standby standby ->
              withHost(
                  standby.host(),
                  host -> {
                    // A host that drains already is switched off when it is seen to be empty.
                    if (host.takesVms()) {
                      hostKeeper.beginStandby(host, note);
                    }
                  });
          case Action.Wake wake ->
              withHost(
                  wake.host(),
                  host -> {
                    if (!host.takesVms()) {
                      hostKeeper.wake(host, note);
                    }
                  });
        };
    if (outdated.isPresent()) {
      plans.note(action, "not begun: " + outdated.get());
    } else {
      metrics.actions.labels(PlanBook.kind(action)).inc();
      SchedulerLog.event("plan: " + PlanBook.key(action) + ": " + action.explanation().summary());
    }
  }

  private Optional<String> withHost(String name, Consumer<HostRecord> deed) {
    Optional<HostRecord> host = book.host(name);
    host.ifPresent(deed);
    return host.isPresent() ? Optional.empty() : Optional.of("there is no host " + name);
  }

  private Optional<String> beginMove(Action.Move move, Consumer<Optional<Exception>> note) {
    Optional<VmRecord> vm = book.vmNamed(move.vm());
    if (vm.isEmpty() || vm.get().placement().host().filter(move.from()::equals).isEmpty()) {
      return Optional.of("the machine is not on " + move.from() + " any more");
    }
    return move(
        vm.get(),
        move.to(),
        false,
        move.explanation().summary(),
        begun -> note.accept(Optional.empty()),
        failure -> note.accept(Optional.of(failure)));
  }

  /**
   * Begins a migration.
   *
   * @param begun told its id once it is recorded
   * @return why it cannot be begun; then neither {@code begun} nor {@code failed} is called
   */
  Optional<String> move(
      VmRecord vm,
      String to,
      boolean byHand,
      String reason,
      Consumer<String> begun,
      Consumer<Exception> failed) {
    String id = vm.spec().id().value();
    Optional<String> busy = whyBusy(vm);
    if (busy.isPresent()) {
      return busy;
    }
    if (!book.host(to).map(HostRecord::takesVms).orElse(false)) {
      return Optional.of("host " + to + " takes no machines now");
    }
    migrations++;
    long memory = vm.spec().memoryMebibytes() * (1L << 20);
    MigrationEstimate estimate =
        moveBook
            .model()
            .predict(memory, moveBook.dirtyRate(id), (double) settings.linkBytesPerSecond());
    Migration migration =
        Migration.planned(
            "m" + epoch + "-" + migrations,
            id,
            vm.placement().host().orElseThrow(),
            to,
            vm.placement().placementEpoch() + 1);
    moves.begin(
        new MoveIntent(
            migration,
            byHand,
            reason,
            shell.now().toEpochMilli(),
            estimate.duration().toMillis(),
            estimate.downtime().toMillis(),
            memory,
            moveBook.dirtyRate(id)),
        () -> begun.accept(migration.id()),
        failed);
    return Optional.empty();
  }

  private Optional<String> whyBusy(VmRecord vm) {
    String id = vm.spec().id().value();
    if (moves.of(id).isPresent()) {
      return Optional.of("the machine is being moved already");
    }
    if (vmKeeper.taskOf(id).isPresent()) {
      return Optional.of("the machine is being started or stopped");
    }
    if (vm.placement().desired() == DesiredState.STOPPED || vm.placement().host().isEmpty()) {
      return Optional.of("the machine does not run");
    }
    return Optional.empty();
  }

  private Optional<String> beginStart(Action.StartVm start, Consumer<Optional<Exception>> note) {
    Optional<VmRecord> vm = book.vmNamed(start.vm());
    if (vm.isEmpty()
        || vm.get().placement().desired() == DesiredState.STOPPED
        || vm.get().placement().host().isPresent()
        || vmKeeper.taskOf(vm.get().spec().id().value()).isPresent()) {
      return Optional.of("the machine does not wait for a place any more");
    }
    if (!book.host(start.host()).map(HostRecord::takesVms).orElse(false)) {
      return Optional.of("host " + start.host() + " takes no machines now");
    }
    moveBook.started(vm.get().spec().id().value());
    vmKeeper.start(vm.get(), start.host(), note);
    return Optional.empty();
  }
}
