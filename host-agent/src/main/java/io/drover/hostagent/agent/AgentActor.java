package io.drover.hostagent.agent;

import io.drover.hostagent.vm.VmId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One host's agent: orders in, reports out.
 *
 * <p>The actor itself never blocks. Every machine has a <em>lane</em>: orders for it run one after
 * the other on the blocking executor, those of different machines side by side. An order that
 * undoes a move breaks off a copying that its lane still waits for, and then takes its turn.
 *
 * <p>It takes orders only once it has adopted what an earlier agent left running: before, it does
 * not know what is here.
 */
final class AgentActor extends AbstractBehavior<AgentActor.Inbox> {

  /** What the actor accepts; {@link AgentCommand} alone comes from elsewhere. */
  interface Inbox {}

  private record LaneFree(VmId vm) implements Inbox {}

  private record Adopted() implements Inbox {}

  private record AdoptFailed(Throwable cause) implements Inbox {}

  private record AdoptAgain() implements Inbox {}

  private record ReportDue() implements Inbox {}

  private record ReportBuilt(List<AgentReport.VmReport> vms) implements Inbox {}

  private record ReportFailed(Throwable cause) implements Inbox {}

  private static final Duration ADOPT_RETRY = Duration.ofSeconds(1);

  /** Orders of a machine that wait for their turn; more are refused, the scheduler asks again. */
  private static final int LANE_CAPACITY = 32;

  private final AgentDependencies deps;
  private final TimerScheduler<Inbox> timers;
  private final Map<VmId, Lane> lanes = new HashMap<>();
  private final Instant startedAt;
  private final ActorRef<AgentCommand> publicSelf;
  private boolean ready;
  private boolean reporting;

  private static final class Lane {
    final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    boolean busy;
  }

  static Behavior<Inbox> create(AgentDependencies deps) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new AgentActor(context, timers, deps)));
  }

  private AgentActor(
      ActorContext<Inbox> context, TimerScheduler<Inbox> timers, AgentDependencies deps) {
    super(context);
    this.deps = deps;
    this.timers = timers;
    publicSelf = context.getSelf().narrow();
    startedAt = deps.clock().instant();
    adopt();
  }

  @Override
  public Receive<Inbox> createReceive() {
    return newReceiveBuilder()
        .onMessage(AgentCommand.Perform.class, this::onPerform)
        .onMessage(AgentCommand.SendHistory.class, this::onSendHistory)
        .onMessage(AgentCommand.HandOnHistory.class, this::onHandOnHistory)
        .onMessage(AgentCommand.KeepHistory.class, this::onKeepHistory)
        .onMessage(LaneFree.class, this::onLaneFree)
        .onMessage(Adopted.class, this::onAdopted)
        .onMessage(AdoptFailed.class, this::onAdoptFailed)
        .onMessage(AdoptAgain.class, ignored -> onAdoptAgain())
        .onMessage(ReportDue.class, ignored -> onReportDue())
        .onMessage(ReportBuilt.class, this::onReportBuilt)
        .onMessage(ReportFailed.class, this::onReportFailed)
        .build();
  }

  private void adopt() {
    getContext()
        .pipeToSelf(
            CompletableFuture.runAsync(deps.core()::adopt, deps.blocking()),
            (ignored, failure) -> failure == null ? new Adopted() : new AdoptFailed(failure));
  }

  private Behavior<Inbox> onAdopted(Adopted ignored) {
    ready = true;
    timers.startTimerAtFixedRate(new ReportDue(), deps.sampleInterval());
    return onReportDue();
  }

  private Behavior<Inbox> onAdoptFailed(AdoptFailed failed) {
    AgentLog.nodeTrouble(deps.node(), "cannot adopt machines yet", failed.cause());
    timers.startSingleTimer(new AdoptAgain(), ADOPT_RETRY);
    return this;
  }

  private Behavior<Inbox> onAdoptAgain() {
    adopt();
    return this;
  }

  private Behavior<Inbox> onPerform(AgentCommand.Perform perform) {
    VmId vm = new VmId(perform.vm());
    if (!ready) {
      return refuse(perform, "the agent has not looked yet at what runs here");
    }
    Lane lane = lanes.computeIfAbsent(vm, ignored -> new Lane());
    if (lane.waiting.size() >= LANE_CAPACITY) {
      return refuse(perform, "too many orders wait for " + vm);
    }
    if (lane.busy) {
      deps.blocking().execute(() -> deps.core().breakOff(perform.order(), vm, perform.step()));
    }
    lane.waiting.addLast(() -> runStep(perform, vm));
    advance(vm, lane);
    return this;
  }

  private Behavior<Inbox> refuse(AgentCommand.Perform perform, String why) {
    perform.replyTo().tell(new StepReply.Refused(perform.order(), deps.node(), why));
    return this;
  }

  private void runStep(AgentCommand.Perform perform, VmId vm) {
    perform.replyTo().tell(deps.core().run(perform.order(), vm, perform.step()));
  }

  private void advance(VmId vm, Lane lane) {
    Runnable task = lane.busy ? null : lane.waiting.pollFirst();
    if (task == null) {
      return;
    }
    lane.busy = true;
    getContext()
        .pipeToSelf(
            CompletableFuture.runAsync(task, deps.blocking()),
            (ignored, failure) -> {
              if (failure != null) {
                AgentLog.trouble(deps.node(), vm, "a task for it broke", failure);
              }
              return new LaneFree(vm);
            });
  }

  private Behavior<Inbox> onLaneFree(LaneFree free) {
    Lane lane = lanes.get(free.vm());
    if (lane != null) {
      lane.busy = false;
      if (lane.waiting.isEmpty()) {
        lanes.remove(free.vm());
      } else {
        advance(free.vm(), lane);
      }
    }
    return this;
  }

  private Behavior<Inbox> onReportDue() {
    // A report that hangs on a slow hypervisor must not pile up others behind it.
    if (ready && !reporting) {
      reporting = true;
      getContext()
          .pipeToSelf(
              CompletableFuture.supplyAsync(
                  () -> deps.core().report(deps.clock().instant()), deps.blocking()),
              (built, failure) ->
                  failure == null ? new ReportBuilt(built) : new ReportFailed(failure));
    }
    return this;
  }

  private Behavior<Inbox> onReportBuilt(ReportBuilt built) {
    reporting = false;
    deps.scheduler()
        .tell(
            new AgentReport(
                deps.node(),
                publicSelf,
                deps.clock().instant(),
                startedAt,
                deps.bootDuration(),
                deps.traits(),
                built.vms()));
    deps.metrics().reports.inc();
    return this;
  }

  private Behavior<Inbox> onReportFailed(ReportFailed failed) {
    reporting = false;
    AgentLog.nodeTrouble(deps.node(), "no report this time", failed.cause());
    return this;
  }

  private Behavior<Inbox> onSendHistory(AgentCommand.SendHistory request) {
    deps.core().histories().forEach(request.replyTo()::tell);
    return this;
  }

  private Behavior<Inbox> onHandOnHistory(AgentCommand.HandOnHistory request) {
    deps.core()
        .history(new VmId(request.vm()))
        .forEach(portion -> request.to().tell(new AgentCommand.KeepHistory(portion)));
    return this;
  }

  private Behavior<Inbox> onKeepHistory(AgentCommand.KeepHistory request) {
    deps.blocking().execute(() -> deps.core().keep(request.history()));
    return this;
  }
}
