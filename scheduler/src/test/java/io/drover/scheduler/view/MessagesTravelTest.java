package io.drover.scheduler.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.agent.AgentCommand;
import io.drover.hostagent.agent.AgentMessage;
import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.Sample;
import io.drover.hostagent.agent.StepReply;
import io.drover.hostagent.agent.StepResult;
import io.drover.hostagent.agent.VmHistory;
import io.drover.hostagent.host.HostTraits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Every message between nodes comes out as it went in, under a type name of ours. */
class MessagesTravelTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
  private static final Order ORDER = new Order(3, "m3-1", "copy-2", Optional.of("COPY"));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void allOfThemTravel() throws Exception {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(KIT.system()));
    List<AgentMessage> messages = messages();
    for (AgentMessage message : messages) {
      byte[] bytes = serialization.serialize(message).get();
      var serializer = serialization.findSerializerFor(message);
      String manifest = Serializers.manifestFor(serializer, message);
      Object back = serialization.deserialize(bytes, serializer.identifier(), manifest).get();
      assertThat(back).isEqualTo(message);
      assertThat(serializer.getClass().getSimpleName()).contains("Jackson");
    }
  }

  @Test
  void noneIsForgottenHere() {
    Set<Class<?>> covered = new LinkedHashSet<>();
    messages().forEach(message -> covered.add(message.getClass()));
    List<Class<?>> sealed = new ArrayList<>();
    for (Class<?> parent :
        List.of(
            AgentCommand.class,
            StepReply.class,
            SchedulerCommand.class,
            SchedulerQuery.class,
            SchedulerView.class)) {
      sealed.addAll(List.of(parent.getPermittedSubclasses()));
    }
    assertThat(covered).containsAll(sealed);
    Set<Class<?>> steps = new LinkedHashSet<>();
    for (AgentStep step : steps()) {
      steps.add(step.getClass());
    }
    assertThat(steps).contains(AgentStep.class.getPermittedSubclasses());
  }

  private static List<AgentStep> steps() {
    return List.of(
        new AgentStep.StartVm(4),
        new AgentStep.StopVm(true),
        new AgentStep.ResetVm(),
        new AgentStep.PrepareIncoming(5),
        new AgentStep.PreCopy("tcp:127.0.0.2:4444"),
        new AgentStep.ReleaseDisks(),
        new AgentStep.TakeDisks(),
        new AgentStep.SwitchOver(),
        new AgentStep.ResumeIncoming(),
        new AgentStep.EndSource(),
        new AgentStep.DropIncoming(),
        new AgentStep.TakeBack(),
        new AgentStep.Inspect());
  }

  private static List<AgentMessage> messages() {
    List<AgentMessage> all = new ArrayList<>();
    ActorRef<StepReply> replies = ref();
    for (AgentStep step : steps()) {
      all.add(new AgentCommand.Perform(ORDER, "vm1", step, replies));
    }
    Sample sample = new Sample(AT, 0.25, 0.5, 1 << 20, 1, 2, 3, 4.5);
    CopyView copy =
        new CopyView(CopyState.RUNNING, 4, List.of(new CopyView.DiskView("d1", "HOLDER", 9)));
    VmHistory history = new VmHistory("host1", "vm1", List.of(sample));
    ActorRef<VmHistory> histories = ref();
    ActorRef<AgentCommand> agent = ref();
    all.add(new AgentCommand.SendHistory(histories));
    all.add(new AgentCommand.HandOnHistory("vm1", agent));
    all.add(new AgentCommand.KeepHistory(history));
    all.add(history);
    all.add(
        new StepReply.Done(
            ORDER,
            "host1",
            new StepResult(
                copy,
                Optional.of("tcp:127.0.0.2:4444"),
                Optional.of(
                    new StepResult.CopyStats(
                        Duration.ofMillis(1234), Duration.ofMillis(56), 7, 8.5)))));
    all.add(new StepReply.Failed(ORDER, "host1", CopyView.absent(), "no"));
    all.add(new StepReply.Refused(Order.ofPlacement(1, "i", "s"), "host1", "no"));
    all.add(
        new AgentReport(
            "host1",
            agent,
            AT,
            AT.minusSeconds(60),
            Duration.ofSeconds(3),
            new HostTraits(0.4, 1 << 30, "127.0.0.1", "tcg", "pc", "qemu64", ""),
            List.of(
                new AgentReport.VmReport(
                    "vm1",
                    copy,
                    "",
                    Optional.of(sample),
                    Optional.of(new AgentReport.CopyProgress(1, 2, 3.5))))));
    commands(all);
    queries(all);
    views(all);
    return all;
  }

  private static void commands(List<AgentMessage> all) {
    ActorRef<SchedulerView> to = ref();
    all.add(new SchedulerCommand.MigrateVm("vm1", "host2", to));
    all.add(new SchedulerCommand.StartVm("vm1", "", to));
    all.add(new SchedulerCommand.StopVm("vm1", true, to));
    all.add(new SchedulerCommand.ResetVm("vm1", to));
    all.add(new SchedulerCommand.DeleteVm("vm1", to));
    all.add(new SchedulerCommand.DrainHost("host1", to));
    all.add(new SchedulerCommand.UndrainHost("host1", to));
    all.add(new SchedulerCommand.StandbyHost("host1", to));
    all.add(new SchedulerCommand.WakeHost("host1", to));
    all.add(new SchedulerCommand.SetMode("off", to));
    all.add(new SchedulerCommand.ApprovePlan("p1", to));
    all.add(new SchedulerCommand.RejectPlan("p1", to));
  }

  private static void queries(List<AgentMessage> all) {
    ActorRef<SchedulerView> to = ref();
    all.add(new SchedulerQuery.GetStatus(to));
    all.add(new SchedulerQuery.GetHosts(to));
    all.add(new SchedulerQuery.GetVms(to));
    all.add(new SchedulerQuery.GetPlan(to));
    all.add(new SchedulerQuery.ExplainVm("vm1", to));
    all.add(new SchedulerQuery.ExplainHost("host1", to));
    all.add(new SchedulerQuery.GetMoves(5, to));
    all.add(new SchedulerQuery.GetOperation("o1-1", to));
  }

  private static void views(List<AgentMessage> all) {
    SchedulerView.HostInfo host =
        new SchedulerView.HostInfo(
            "host1", "ON", true, 0.4, 0.2, 0.3, 1 << 30, 1 << 20, 2, "tcg", 3000, 100);
    SchedulerView.VmInfo vm =
        new SchedulerView.VmInfo(
            "id",
            "vm1",
            "host1",
            "RUNNING",
            "RUNNING",
            4,
            1,
            1 << 20,
            0.1,
            0.2,
            0.3,
            List.of("d1"),
            "",
            "");
    SchedulerView.MoveInfo move =
        new SchedulerView.MoveInfo(
            "m1-1",
            "vm1",
            "host1",
            "host2",
            "moved",
            true,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8.5,
            Optional.of("late"));
    all.add(new SchedulerView.Accepted("o1-1", "ok"));
    all.add(new SchedulerView.Refused(SchedulerView.Reason.CONFLICT, "no"));
    all.add(new SchedulerView.Status("n", 1, "off", 2, 3, 4, 5, 6, 7, 0.1, 8.5, 9, 10));
    all.add(new SchedulerView.Hosts(List.of(host)));
    all.add(new SchedulerView.Vms(List.of(vm)));
    all.add(
        new SchedulerView.PlanShown(
            "p1",
            1,
            "off",
            List.of(new SchedulerView.ActionInfo("move", "vm1", "a", "b", "why", "begun")),
            List.of("note")));
    all.add(
        new SchedulerView.Explained(
            vm,
            "steady",
            Optional.of(new SchedulerView.PhaseInfo(0.5, 1, 2, 0.25, 3, 4)),
            Optional.of(
                new SchedulerView.PredictionInfo(
                    70,
                    0.5,
                    60_000,
                    List.of(
                        new SchedulerView.HorizonInfo(
                            60_000,
                            0.5,
                            0.6,
                            0.7,
                            0.8,
                            0.05,
                            1.1,
                            List.of(new SchedulerView.ModelInfo("last value", 0.5)))),
                    "in a minute")),
            List.of("x"),
            List.of(move)));
    all.add(new SchedulerView.HostExplained(host, List.of("x"), List.of(vm)));
    all.add(new SchedulerView.Moves(List.of(move)));
    all.add(new SchedulerView.Operation("o", "move", "vm1", "copy", false, false, ""));
  }

  private static <T> ActorRef<T> ref() {
    return KIT.<T>createTestProbe().ref();
  }
}
