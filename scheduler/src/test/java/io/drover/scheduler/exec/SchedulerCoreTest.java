package io.drover.scheduler.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.agent.Sample;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.agent.VmHistory;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scheduler does for operators and by itself, in a world without trouble. */
class SchedulerCoreTest {
  private static final String LIMITS =
      """
      drover.scheduler {
        plan-interval = 3s
        refresh-interval = 1s
        power { minimum-on = 1, standby-window = 24h }
        demand.failover-hosts = 0
        moves.cooldown = 0s
        learning.interval = 20s
        execution { report-stale-after = 8s, host-lost-after = 25s, step-timeout = 12s,
          copy-timeout = 40s, retry-delay = 500ms, drain-timeout = 300s, wake-timeout = 60s }
      }
      """;

  @TempDir Path folder;
  private SimCluster cluster;
  private SimCluster.Scheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    cluster = new SimCluster(1, folder, LIMITS);
    cluster.addHost("h1");
    cluster.addHost("h2");
    cluster.addHost("h3");
    scheduler = cluster.addScheduler();
    await("take-over", scheduler::active);
  }

  private void await(String what, BooleanSupplier condition) {
    assertThat(cluster.world.runUntil(Duration.ofMinutes(10), condition))
        .as(what + "\n" + String.join("\n", cluster.world.log))
        .isTrue();
  }

  private SchedulerView answer(Function<ActorRef<SchedulerView>, SchedulerInbox> question) {
    TestInbox<SchedulerView> inbox = scheduler.ask(question);
    await("an answer", inbox::hasMessages);
    return inbox.receiveMessage();
  }

  /** Gives a command, waits for its operation to end, and returns how it ended. */
  private SchedulerView.Operation done(Function<ActorRef<SchedulerView>, SchedulerInbox> command) {
    SchedulerView answer = answer(command);
    assertThat(answer).isInstanceOf(SchedulerView.Accepted.class);
    String id = ((SchedulerView.Accepted) answer).operationId();
    await("operation " + id, () -> operation(id).done());
    return operation(id);
  }

  private SchedulerView.Operation operation(String id) {
    TestInbox<SchedulerView> inbox = scheduler.ask(to -> new SchedulerQuery.GetOperation(id, to));
    return (SchedulerView.Operation) inbox.receiveMessage();
  }

  private VmPlacement placement(String vm) {
    return cluster.store.placement(vm);
  }

  private HostPower power(String host) {
    return Objects.requireNonNull(cluster.store.hosts.get(host)).power();
  }

  private Optional<SimVm> running(String vm) {
    return cluster.machines.alive(vm).stream().filter(SimVm::runs).findFirst();
  }

  private void addRunning(String vm, String host) {
    cluster.addVm(vm, host);
    await(vm + " runs", () -> running(vm).isPresent() && reported(vm).equals("RUNNING"));
  }

  private String reported(String vm) {
    return scheduler.ask(SchedulerQuery.GetVms::new).receiveMessage()
            instanceof SchedulerView.Vms all
        ? all.vms().stream()
            .filter(info -> info.name().equals(vm))
            .map(SchedulerView.VmInfo::state)
            .findFirst()
            .orElse("")
        : "";
  }

  @Test
  void aMachineIsStartedWhereThePlannerFindsRoomAndStopped() {
    cluster.addVm("vm1", Optional.empty(), DesiredState.STOPPED);
    await("known", () -> reported("vm1").equals("STOPPED"));
    SchedulerView.Operation started = done(to -> new SchedulerCommand.StartVm("vm1", "", to));
    assertThat(started.succeeded()).as(started.message()).isTrue();
    assertThat(running("vm1")).isPresent();
    SchedulerView.Operation stopped = done(to -> new SchedulerCommand.StopVm("vm1", false, to));
    assertThat(stopped.succeeded()).isTrue();
    assertThat(placement("vm1").host()).isEmpty();
    assertThat(cluster.machines.alive("vm1")).isEmpty();
    SchedulerView.Operation gone = done(to -> new SchedulerCommand.DeleteVm("vm1", to));
    assertThat(gone.succeeded()).isTrue();
    assertThat(cluster.store.specs).isEmpty();
  }

  private SchedulerView.Explained explained(String vm) {
    return (SchedulerView.Explained) answer(to -> new SchedulerQuery.ExplainVm(vm, to));
  }

  @Test
  void whatAnAgentRemembersOfAMachineIsLearnedAndExplained() {
    addRunning("vm1", "h1");
    assertThat(explained("vm1").prediction()).isEmpty();
    assertThat(explained("vm1").phase()).isEmpty();
    Instant now = cluster.world.now();
    List<Sample> samples = new ArrayList<>();
    for (int i = 600; i > 0; i--) {
      double cores = i / 3 == 100 ? 0.9 : 0.3 + 0.01 * (i % 4);
      samples.add(new Sample(now.minusSeconds(5L * i), cores, 0, 1 << 20, 0, 0, 0, 0));
    }
    scheduler.remember(new VmHistory("h1", "vm1", samples));
    await("learned", () -> explained("vm1").prediction().isPresent());
    SchedulerView.PhaseInfo phase = explained("vm1").phase().orElseThrow();
    assertThat(phase.levelCores()).isBetween(0.29, 0.35);
    assertThat(phase.glitches()).isEqualTo(1);
    assertThat(phase.sinceEpochMillis()).isEqualTo(samples.getFirst().at().toEpochMilli());
    assertThat(phase.expectedRemainingMillis()).isPositive();
    SchedulerView.PredictionInfo prediction = explained("vm1").prediction().orElseThrow();
    assertThat(prediction.slots()).isBetween(148, 152);
    assertThat(prediction.sentence()).contains("slots of 20 s, which count in full");
    assertThat(prediction.horizons()).hasSize(5);
    assertThat(prediction.horizons())
        .allSatisfy(horizon -> {
          assertThat(horizon.middle()).isBetween(0.29, horizon.ninety());
          assertThat(horizon.ninetyNine()).isBetween(horizon.ninetyFive(), 0.5);
          assertThat(horizon.models()).isNotEmpty();
        });
    await("a plan by it", () -> explained("vm1").forecast().contains("learned from"));
  }

  @Test
  void anOperatorMovesAMachineByHand() {
    addRunning("vm1", "h1");
    SchedulerView.Operation moved = done(to -> new SchedulerCommand.MigrateVm("vm1", "h3", to));
    assertThat(moved.succeeded()).as(moved.message()).isTrue();
    assertThat(placement("vm1").host()).contains("h3");
    assertThat(running("vm1").orElseThrow().lineage).isEqualTo(1);
    SchedulerView.Moves moves =
        (SchedulerView.Moves) answer(to -> new SchedulerQuery.GetMoves(5, to));
    assertThat(moves.moves()).hasSize(1);
    SchedulerView.MoveInfo move = moves.moves().getFirst();
    assertThat(move.byHand()).isTrue();
    assertThat(move.actualMillis()).isPositive();
    assertThat(move.actualDowntimeMillis()).isPositive().isLessThan(move.actualMillis());
    assertThat(move.predictedMillis()).isPositive();
  }

  @Test
  void wrongCommandsAreRefusedAndChangeNothing() {
    addRunning("vm1", "h1");
    VmPlacement before = placement("vm1");
    refused(to -> new SchedulerCommand.MigrateVm("nope", "h2", to), SchedulerView.Reason.NOT_FOUND);
    refused(to -> new SchedulerCommand.MigrateVm("vm1", "h9", to), SchedulerView.Reason.NOT_FOUND);
    refused(to -> new SchedulerCommand.MigrateVm("vm1", "h1", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerCommand.StartVm("vm1", "h2", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerCommand.DeleteVm("vm1", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerCommand.UndrainHost("h1", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerCommand.WakeHost("h1", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerCommand.SetMode("wild", to), SchedulerView.Reason.INVALID);
    refused(to -> new SchedulerCommand.ApprovePlan("p0", to), SchedulerView.Reason.CONFLICT);
    refused(to -> new SchedulerQuery.ExplainVm("nope", to), SchedulerView.Reason.NOT_FOUND);
    refused(to -> new SchedulerQuery.GetOperation("o9", to), SchedulerView.Reason.NOT_FOUND);
    assertThat(placement("vm1")).isEqualTo(before);
  }

  private void refused(
      Function<ActorRef<SchedulerView>, SchedulerInbox> command, SchedulerView.Reason why) {
    SchedulerView answer = answer(command);
    assertThat(answer).isInstanceOf(SchedulerView.Refused.class);
    assertThat(((SchedulerView.Refused) answer).reason()).isEqualTo(why);
  }

  @Test
  void aCrashedMachineIsStartedAgainUnderAHigherEpoch() {
    addRunning("vm1", "h1");
    long before = placement("vm1").placementEpoch();
    running("vm1").orElseThrow().crash();
    await("restarted", () -> running("vm1").isPresent());
    assertThat(placement("vm1").placementEpoch()).isGreaterThan(before);
    assertThat(placement("vm1").host()).contains("h1");
  }

  @Test
  void theMachinesOfALostHostStartElsewhere() {
    addRunning("vm1", "h1");
    cluster.host("h1").die();
    await(
        "started elsewhere",
        () ->
            running("vm1").isPresent()
                && placement("vm1").host().filter(host -> !host.equals("h1")).isPresent()
                && cluster.machines.alive("vm1").stream()
                    .anyMatch(vm -> vm.runs() && !vm.host().equals("h1")));
    // When its agent is back it ends what it has.
    cluster.host("h1").start();
    await("one copy", () -> cluster.machines.alive("vm1").size() == 1);
    assertThat(running("vm1").orElseThrow().host()).isNotEqualTo("h1");
  }

  @Test
  void aHostIsEmptiedPoweredOffAndWokenAgain() {
    addRunning("vm1", "h1");
    SchedulerView.Operation asleep = done(to -> new SchedulerCommand.StandbyHost("h1", to));
    assertThat(asleep.succeeded()).as(asleep.message()).isTrue();
    assertThat(power("h1")).isEqualTo(HostPower.STANDBY);
    assertThat(cluster.host("h1").up()).isFalse();
    assertThat(running("vm1").orElseThrow().lineage).as("it was moved, not restarted").isEqualTo(1);
    refused(to -> new SchedulerCommand.MigrateVm("vm1", "h1", to), SchedulerView.Reason.CONFLICT);
    SchedulerView.Operation awake = done(to -> new SchedulerCommand.WakeHost("h1", to));
    assertThat(awake.succeeded()).as(awake.message()).isTrue();
    assertThat(power("h1")).isEqualTo(HostPower.ON);
    assertThat(Objects.requireNonNull(cluster.store.hosts.get("h1")).bootDuration()).isPositive();
    SchedulerView.Status status = (SchedulerView.Status) answer(SchedulerQuery.GetStatus::new);
    assertThat(status.hostSecondsSaved()).isPositive();
  }

  @Test
  void aSchedulerThatIsReplacedInTheMiddleOfAStandbyIsFollowedByOneThatFinishesIt() {
    addRunning("vm1", "h1");
    answer(to -> new SchedulerCommand.StandbyHost("h1", to));
    await("draining", () -> power("h1") == HostPower.DRAINING);
    scheduler.die();
    scheduler = cluster.addScheduler();
    await("standby", () -> power("h1") == HostPower.STANDBY);
    assertThat(cluster.host("h1").up()).isFalse();
    assertThat(running("vm1")).isPresent();
  }

  @Test
  void aDrainedHostKeepsItsPowerAndTakesNoMachine() {
    addRunning("vm1", "h1");
    assertThat(done(to -> new SchedulerCommand.DrainHost("h1", to)).succeeded()).isTrue();
    assertThat(cluster.host("h1").up()).isTrue();
    refused(to -> new SchedulerCommand.MigrateVm("vm1", "h1", to), SchedulerView.Reason.CONFLICT);
    assertThat(done(to -> new SchedulerCommand.UndrainHost("h1", to)).succeeded()).isTrue();
    assertThat(done(to -> new SchedulerCommand.MigrateVm("vm1", "h1", to)).succeeded()).isTrue();
  }

  @Test
  void theModeThatAnOperatorSetsOutlivesTheScheduler() {
    assertThat(done(to -> new SchedulerCommand.SetMode("recommend", to)).succeeded()).isTrue();
    scheduler.die();
    scheduler = cluster.addScheduler();
    await("take-over", scheduler::active);
    SchedulerView.Status status = (SchedulerView.Status) answer(SchedulerQuery.GetStatus::new);
    assertThat(status.mode()).isEqualTo("recommend");
    assertThat(status.schedulerEpoch()).isEqualTo(2);
  }

  @Test
  void everythingIsExplained() {
    addRunning("vm1", "h1");
    await(
        "a plan",
        () ->
            scheduler.ask(SchedulerQuery.GetPlan::new).receiveMessage()
                    instanceof SchedulerView.PlanShown plan
                && plan.notes().stream().anyMatch(note -> note.contains("vm1")));
    SchedulerView.Explained vm =
        (SchedulerView.Explained) answer(to -> new SchedulerQuery.ExplainVm("vm1", to));
    assertThat(vm.vm().host()).isEqualTo("h1");
    assertThat(vm.forecast()).isNotEmpty();
    assertThat(vm.considered()).isNotEmpty();
    SchedulerView.HostExplained host =
        (SchedulerView.HostExplained) answer(to -> new SchedulerQuery.ExplainHost("h1", to));
    assertThat(host.considered()).isNotEmpty();
    assertThat(host.vms()).extracting(SchedulerView.VmInfo::name).containsExactly("vm1");
  }
}
