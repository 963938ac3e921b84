package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.agent.Sample;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmRecord;
import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.plan.Plan;
import io.drover.scheduler.plan.VmView;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.HostInfo;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import io.drover.scheduler.view.SchedulerView.VmInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Answers questions; changes nothing. */
final class Views {
  private static final long MEBIBYTE = 1L << 20;

  private final String node;
  private final long epoch;
  private final Shell shell;
  private final ClusterBook book;
  private final Histories histories;
  private final ForecastLedger ledger;
  private final Moves moves;
  private final MoveBook moveBook;
  private final VmKeeper vmKeeper;
  private final HostKeeper hostKeeper;
  private final Planning planning;
  private final Operations operations;
  private final ForecastViews forecasts;

  Views(
      String node,
      long epoch,
      Shell shell,
      ClusterBook book,
      Histories histories,
      ForecastLedger ledger,
      Moves moves,
      MoveBook moveBook,
      VmKeeper vmKeeper,
      HostKeeper hostKeeper,
      Planning planning,
      Operations operations,
      ForecastViews forecasts) {
    this.node = node;
    this.epoch = epoch;
    this.shell = shell;
    this.book = book;
    this.histories = histories;
    this.ledger = ledger;
    this.moves = moves;
    this.moveBook = moveBook;
    this.vmKeeper = vmKeeper;
    this.hostKeeper = hostKeeper;
    this.planning = planning;
    this.operations = operations;
    this.forecasts = forecasts;
  }

  SchedulerView answer(SchedulerQuery query) {
    return switch (query) {
      case SchedulerQuery.GetStatus ignored -> status();
      case SchedulerQuery.GetHosts ignored ->
          new SchedulerView.Hosts(book.hosts().stream().map(this::hostInfo).toList());
      case SchedulerQuery.GetVms ignored ->
          new SchedulerView.Vms(
              book.vms().stream()
                  .map(this::vmInfo)
                  .sorted(Comparator.comparing(VmInfo::name))
                  .toList());
      case SchedulerQuery.GetPlan ignored -> plan();
      case SchedulerQuery.ExplainVm explain -> explain(explain.vm());
      case SchedulerQuery.ExplainHost explain -> explainHost(explain.host());
      case SchedulerQuery.GetMoves get -> new SchedulerView.Moves(movesShown(get.limit(), ""));
      case SchedulerQuery.GetOperation get -> operation(get.id());
    };
  }

  private SchedulerView status() {
    int on = 0;
    int standby = 0;
    for (HostRecord host : book.hosts()) {
      on += host.power() == HostPower.ON || host.power() == HostPower.DRAINING ? 1 : 0;
      standby += host.power() == HostPower.STANDBY ? 1 : 0;
    }
    long running = book.vms().stream().filter(vm -> state(vm).equals("RUNNING")).count();
    long planAge =
        planning
            .plans()
            .plan()
            .map(plan -> Duration.between(plan.at(), shell.now()).toMillis())
            .orElse(-1L);
    return new SchedulerView.Status(
        node,
        epoch,
        planning.mode().name().toLowerCase(Locale.ROOT),
        planAge,
        on,
        standby,
        (int) running,
        book.vms().size(),
        operations.count() + moves.open().size(),
        ledger.meanErrorCores(),
        hostKeeper.savedSeconds(),
        moveBook.moved(),
        moveBook.failed());
  }

  private HostInfo hostInfo(HostRecord host) {
    String name = host.host();
    Optional<ClusterBook.Seen> seen = book.seen(name);
    List<VmRecord> placed = book.placedOn(name);
    double demand = 0;
    long memory = 0;
    for (VmRecord vm : placed) {
      demand += demand(vm);
      memory += vm.spec().memoryMebibytes() * MEBIBYTE;
    }
    double forecast =
        planning.plans().plan().map(plan -> plan.hostLoads().getOrDefault(name, 0.0)).orElse(0.0);
    return new HostInfo(
        name,
        host.power().name(),
        book.reachable(name, shell.now()),
        host.traits().cpuCores(),
        demand,
        forecast,
        host.traits().memoryBytes(),
        memory,
        placed.size(),
        host.traits().accelerator(),
        host.bootDuration().toMillis(),
        seen.map(s -> Duration.between(s.at(), shell.now()).toMillis()).orElse(-1L));
  }

  private double demand(VmRecord vm) {
    Samples samples = histories.samples(vm.spec().id().value());
    boolean runs = book.copyAtPlace(vm).state() == CopyState.RUNNING;
    return runs && !samples.isEmpty() ? samples.valueAt(samples.size() - 1) : 0;
  }

  private Optional<Forecast> forecast(VmRecord vm) {
    return planning.plans().state().flatMap(state -> state.vm(vm.spec().name())).map(VmView::cpu);
  }

  private VmInfo vmInfo(VmRecord vm) {
    String id = vm.spec().id().value();
    boolean runs = book.copyAtPlace(vm).state() == CopyState.RUNNING;
    String trouble = vmKeeper.troubleOf(id);
    if (trouble.isEmpty()) {
      trouble = book.reported(vm).map(AgentReport.VmReport::trouble).orElse("");
    }
    return new VmInfo(
        id,
        vm.spec().name(),
        vm.placement().host().orElse(""),
        vm.placement().desired().name(),
        state(vm),
        vm.placement().placementEpoch(),
        vm.spec().vcpus(),
        vm.spec().memoryMebibytes() * MEBIBYTE,
        runs ? histories.newest(id).map(Sample::cpuUsedCores).orElse(0.0) : 0,
        demand(vm),
        forecast(vm).map(Forecast::level).orElse(0.0),
        vm.spec().disks().stream().map(disk -> disk.value()).toList(),
        trouble,
        moves.of(id).map(Move::id).orElseGet(() -> operations.openOn(vm.spec().name())));
  }

  private String state(VmRecord vm) {
    String id = vm.spec().id().value();
    if (moves.of(id).isPresent()) {
      return "MOVING";
    }
    boolean wanted = vm.placement().desired() == DesiredState.RUNNING;
    if (vm.placement().host().isEmpty()) {
      return wanted ? "WAITING" : "STOPPED";
    }
    if (!wanted) {
      return "STOPPING";
    }
    if (!book.reachable(vm.placement().host().get(), shell.now())) {
      return "LOST";
    }
    CopyView copy = book.copyAtPlace(vm);
    if (copy.placementEpoch() != vm.placement().placementEpoch()) {
      return "STARTING";
    }
    return switch (copy.state()) {
      case RUNNING, PAUSED, IO_ERROR, UNKNOWN -> copy.state().name();
      case INCOMING, POST_MIGRATE -> "MOVING";
      case EXITED -> "CRASHED";
      case POWERED_OFF -> "STOPPING";
      case ABSENT -> "STARTING";
    };
  }

  private SchedulerView plan() {
    Optional<Plan> plan = planning.plans().plan();
    if (plan.isEmpty()) {
      return new SchedulerView.PlanShown(
          "", 0, modeText(), List.of(), List.of("no plan was made yet"));
    }
    List<String> notes = new ArrayList<>();
    plan.get().hostReasons().forEach((host, why) -> notes.add("host " + host + " " + why));
    plan.get().vmReasons().forEach((vm, why) -> notes.add("VM " + vm + " " + why));
    return new SchedulerView.PlanShown(
        planning.plans().id(),
        plan.get().at().toEpochMilli(),
        modeText(),
        planning.plans().shown(),
        notes);
  }

  private String modeText() {
    return planning.mode().name().toLowerCase(Locale.ROOT);
  }

  private SchedulerView explain(String nameOrId) {
    Optional<VmRecord> found = book.vmNamed(nameOrId);
    if (found.isEmpty()) {
      return notFound("there is no VM named '" + nameOrId + "'");
    }
    VmRecord vm = found.get();
    String name = vm.spec().name();
    List<String> considered = new ArrayList<>();
    planning
        .plans()
        .plan()
        .map(Plan::vmReasons)
        .map(reasons -> reasons.get(name))
        .ifPresent(why -> considered.add(name + " " + why));
    vm.placement()
        .host()
        .flatMap(host -> hostReason(host).map(why -> "host " + host + " " + why))
        .ifPresent(considered::add);
    planning.plans().shown().stream()
        .filter(action -> action.vm().equals(name))
        .forEach(action ->
            considered.add(action.kind() + " (" + action.state() + "): " + action.explanation()));
    moves
        .of(vm.spec().id().value())
        .ifPresent(move -> considered.add("is being moved because: " + move.intent().reason()));
    return new SchedulerView.Explained(
        vmInfo(vm),
        forecast(vm).map(Forecast::explanation).orElse("no forecast was made yet"),
        forecasts.phase(vm.spec().id().value(), planning.plans().state(), shell.now()),
        forecasts.prediction(vm.spec().id().value(), shell.now()),
        considered,
        movesShown(10, vm.spec().id().value()));
  }

  private Optional<String> hostReason(String host) {
    return planning
        .plans()
        .plan()
        .map(Plan::hostReasons)
        .flatMap((Map<String, String> reasons) -> Optional.ofNullable(reasons.get(host)));
  }

  private SchedulerView explainHost(String name) {
    Optional<HostRecord> host = book.host(name);
    if (host.isEmpty()) {
      return notFound("there is no host '" + name + "'");
    }
    List<String> considered = new ArrayList<>();
    hostReason(name).ifPresent(why -> considered.add(name + " " + why));
    String trouble = hostKeeper.troubleOf(name);
    if (!trouble.isEmpty()) {
      considered.add("its power: " + trouble);
    }
    planning.plans().shown().stream()
        .filter(action -> action.fromHost().equals(name) || action.toHost().equals(name))
        .forEach(action ->
            considered.add(action.kind() + " (" + action.state() + "): " + action.explanation()));
    List<VmInfo> vms = book.placedOn(name).stream().map(this::vmInfo).toList();
    return new SchedulerView.HostExplained(hostInfo(host.get()), considered, vms);
  }

  private List<MoveInfo> movesShown(int limit, String onlyVm) {
    List<MoveInfo> all =
        moveBook.ended().stream()
            .filter(move -> onlyVm.isEmpty() || move.vm().equals(onlyVm))
            .map(this::named)
            .toList();
    return all.subList(Math.max(0, all.size() - Math.max(0, limit)), all.size());
  }

  /** Records name machines by id, people by name. */
  private MoveInfo named(MoveInfo m) {
    return new MoveInfo(
        m.id(),
        book.nameOf(m.vm()),
        m.from(),
        m.to(),
        m.outcome(),
        m.byHand(),
        m.startedEpochMillis(),
        m.predictedMillis(),
        m.actualMillis(),
        m.predictedDowntimeMillis(),
        m.actualDowntimeMillis(),
        m.transferredBytes(),
        m.memoryBytes(),
        m.dirtyBytesPerSecond(),
        m.trouble());
  }

  private SchedulerView operation(String id) {
    Optional<SchedulerView.Operation> known = operations.find(id);
    if (known.isPresent()) {
      return known.get();
    }
    // A migration outlives the scheduler that began it.
    Optional<Move> open = moves.open().stream().filter(move -> move.id().equals(id)).findFirst();
    if (open.isPresent()) {
      String phase = open.get().migration().stage().name().toLowerCase(Locale.ROOT);
      return new SchedulerView.Operation(
          id, "move", book.nameOf(open.get().vm()), phase, false, false, "");
    }
    return moveBook.ended().stream()
        .filter(move -> move.id().equals(id))
        .findFirst()
        .<SchedulerView>map(move -> {
          Operations.Progress p = VmCommands.moveEnded(move);
          return new SchedulerView.Operation(
              id, "move", book.nameOf(move.vm()), p.phase(), true, p.succeeded(), p.message());
        })
        .orElseGet(() ->
            notFound(
                "operation '" + id + "' is not known; the scheduler may have been replaced since"));
  }

  private static SchedulerView notFound(String message) {
    return new SchedulerView.Refused(SchedulerView.Reason.NOT_FOUND, message);
  }
}
