package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.VmHistory;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostCatalogException;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.power.PowerStatus;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.intent.MoveIntent;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.settings.SchedulerSettings;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler, without the actor around it: takes over, then looks again and again at what is
 * recorded and reported, and does what follows from it.
 *
 * <p>Runs on the shell's thread alone.
 */
final class SchedulerCore {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final String node;
  private final VmCatalog vms;
  private final HostCatalog hosts;
  private final IntentStore intents;
  private final PowerDriver power;
  private final SchedulerSettings settings;
  private final SchedulerMetrics metrics;
  private final Shell shell;

  /** Null until it has taken over. */
  private @Nullable Reign reign;

  SchedulerCore(
      String node,
      VmCatalog vms,
      HostCatalog hosts,
      IntentStore intents,
      PowerDriver power,
      SchedulerSettings settings,
      SchedulerMetrics metrics,
      Shell shell) {
    this.node = node;
    this.vms = vms;
    this.hosts = hosts;
    this.intents = intents;
    this.power = power;
    this.settings = settings;
    this.metrics = metrics;
    this.shell = shell;
  }

  /** Everything that is recorded, read at one time. */
  private record Records(
      List<VmRecord> vms, List<HostRecord> hosts, Map<String, PowerStatus> power) {}

  /** What a new scheduler finds. */
  private record Found(
      long epoch,
      List<MoveIntent> open,
      List<SchedulerView.MoveInfo> history,
      Optional<Mode> mode,
      Records records) {}

  /** Takes over; tries until it can. */
  void start() {
    shell.blocking(
        this::takeOver,
        this::tookOver,
        failure -> {
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
          } else {
            SchedulerLog.trouble("cannot take over as scheduler yet", failure);
            metrics.recordFailures.inc();
            shell.after(RETRY, this::start);
          }
        });
  }

  /** Blocking. Whatever an earlier scheduler still does after the first line is refused. */
  private Found takeOver() throws IntentException, VmCatalogException, HostCatalogException {
    long epoch = intents.takeOver();
    return new Found(epoch, intents.open(), intents.history(), intents.mode(), read());
  }

  private Records read() throws VmCatalogException, HostCatalogException {
    List<HostRecord> known = hosts.list();
    return new Records(vms.list(), known, HostKeeper.readPower(power, known));
  }

  private void tookOver(Found found) {
    SchedulerLog.event(
        "scheduler on %s with epoch %d; %d migrations were open"
            .formatted(node, found.epoch(), found.open().size()));
    metrics.active.set(1);
    metrics.epoch.set((double) found.epoch());
    metrics.lastPlan.set(shell.now().toEpochMilli() / 1000.0);
    Reign begun =
        new Reign(
            node,
            found.epoch(),
            found.mode().orElse(settings.policy().mode()),
            shell,
            vms,
            hosts,
            intents,
            power,
            settings,
            metrics);
    reign = begun;
    begun.history(found.history());
    begun.book().refresh(found.records().vms(), found.records().hosts());
    begun.hostKeeper().power(found.records().power());
    begun.moves().recover(found.open());
    look(begun);
    shell.after(settings.planInterval(), () -> planAgain(begun));
  }

  /** Reads the records, and does what follows from them and the reports. */
  private void look(Reign current) {
    shell.blocking(
        this::read,
        records -> {
          current.book().refresh(records.vms(), records.hosts());
          current.hostKeeper().power(records.power());
          review(current);
          shell.after(settings.refreshInterval(), () -> look(current));
        },
        failure -> {
          metrics.recordFailures.inc();
          SchedulerLog.trouble("the records cannot be read", failure);
          shell.after(settings.refreshInterval(), () -> look(current));
        });
  }

  private void planAgain(Reign current) {
    current.planning().plan();
    shell.after(settings.planInterval(), () -> planAgain(current));
  }

  private void review(Reign current) {
    ClusterBook book = current.book();
    for (HostRecord host : book.hosts()) {
      boolean lost = host.power() != HostPower.STANDBY && book.lost(host.host(), shell.now());
      boolean awake = host.power() == HostPower.ON || host.power() == HostPower.DRAINING;
      boolean silent = !book.reachable(host.host(), shell.now());
      metrics.hostUnreachable.labels(host.host()).set(awake && silent ? 1 : 0);
      metrics
          .hostStandby
          .labels(host.host())
          .set(host.power() == HostPower.STANDBY || host.power() == HostPower.WAKING ? 1 : 0);
      if (lost) {
        current.moves().hostLost(host.host());
      }
    }
    for (VmRecord vm : book.vms()) {
      if (current.moves().of(vm.spec().id().value()).isEmpty()) {
        current.vmKeeper().review(vm);
      }
    }
    book.hosts().forEach(current.hostKeeper()::review);
    Set<String> known =
        book.vms().stream().map(vm -> vm.spec().id().value()).collect(Collectors.toSet());
    current.histories().keepOnly(new HashSet<>(known));
    learn(current, known);
    current.ledger().keepOnly(known);
    current.operations().review();
    metrics.migrationsOpen.set(current.moves().open().size());
    metrics.forecastError.set(current.ledger().meanErrorCores());
    metrics.forecastCovered.set(current.ledger().covered());
  }

  private void learn(Reign current, Set<String> known) {
    try {
      current.forecasts().advance(shell.now(), known, current.histories());
    } catch (RuntimeException defect) {
      // Machines are looked after and planned for also without what is learned of their demand.
      SchedulerLog.trouble("demand cannot be learned", defect);
    }
  }

  /** An agent reports. Before the take-over that says nothing: it will report again. */
  void onReport(AgentReport report) {
    Reign current = reign;
    if (current == null) {
      return;
    }
    ClusterBook book = current.book();
    boolean anew = book.report(report, shell.now());
    if (anew) {
      shell.agentReplaced(report.node());
      shell.askHistory(report.node());
    }
    current.hostKeeper().reported(report);
    for (AgentReport.VmReport told : report.vms()) {
      Optional<VmRecord> vm = book.vm(told.vm());
      // While it moves, its demand is that of the copy that runs.
      boolean runsThere =
          vm.flatMap(known -> known.placement().host()).filter(report.node()::equals).isPresent();
      if (vm.isPresent() && runsThere && told.sample().isPresent()) {
        int vcpus = vm.get().spec().vcpus();
        if (current.histories().add(told.vm(), vcpus, told.sample().get())) {
          current
              .ledger()
              .came(told.vm(), told.sample().get().at(), Histories.demand(vcpus, told).orElse(0.0));
        }
      }
    }
  }

  /** An agent tells what it remembers. */
  void onHistory(VmHistory history) {
    Reign current = reign;
    if (current != null) {
      current
          .book()
          .vm(history.vm())
          .ifPresent(vm -> {
            current.histories().merge(history, vm.spec().vcpus());
            current.forecasts().merged(history.vm(), current.histories());
          });
    }
  }

  void onCommand(SchedulerCommand command) {
    Reign current = reign;
    if (current == null) {
      command.replyTo().tell(notYet());
    } else if (current.commands().knows(command)) {
      current.commands().handle(command);
    } else {
      // It may have been recorded since the last look.
      shell.blocking(
          this::read,
          records -> {
            current.book().refresh(records.vms(), records.hosts());
            current.commands().handle(command);
          },
          failure -> command.replyTo().tell(unavailable(failure)));
    }
  }

  void onQuery(SchedulerQuery query) {
    Reign current = reign;
    query.replyTo().tell(current == null ? notYet() : current.views().answer(query));
  }

  private static SchedulerView notYet() {
    return new SchedulerView.Refused(
        SchedulerView.Reason.UNAVAILABLE, "the scheduler is just taking over; try again");
  }

  private static SchedulerView unavailable(Exception failure) {
    return new SchedulerView.Refused(
        SchedulerView.Reason.UNAVAILABLE, "the records cannot be read: " + failure.getMessage());
  }

  /** For tests: what is under way. */
  Optional<Reign> reign() {
    return Optional.ofNullable(reign);
  }
}
