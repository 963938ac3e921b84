package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentCommand;
import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.agent.StepReply;
import io.drover.hostagent.agent.VmHistory;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Gives a {@link SchedulerCore} its thread, its timers and its way to the agents. */
final class SchedulerActor extends AbstractBehavior<SchedulerInbox> {
  /** How often an order is tried for a host whose agent has not reported to this scheduler yet. */
  private static final Duration AGENT_POLL = Duration.ofMillis(200);

  /** Something to be done on the core's thread; never leaves this process. */
  private record Run(Runnable task) implements SchedulerInbox {}

  /** Someone who waits for an agent's answer. */
  private static final class Pending {
    private final Consumer<Shell.Answer> then;

    Pending(Consumer<Shell.Answer> then) {
      this.then = then;
    }

    Consumer<Shell.Answer> then() {
      return then;
    }
  }

  private final SchedulerDependencies deps;
  private final SchedulerCore core;
  private final Map<String, ActorRef<AgentCommand>> agents = new HashMap<>();
  private Optional<Exception> given = Optional.empty();
  private boolean ended;

  static Behavior<SchedulerInbox> create(SchedulerDependencies deps) {
    return Behaviors.setup(context -> new SchedulerActor(context, deps));
  }

  private SchedulerActor(ActorContext<SchedulerInbox> context, SchedulerDependencies deps) {
    super(context);
    this.deps = deps;
    core =
        new SchedulerCore(
            deps.node(),
            deps.vms(),
            deps.hosts(),
            deps.intents().get(),
            deps.power(),
            deps.settings(),
            deps.metrics(),
            new ActorShell());
    core.start();
  }

  @Override
  public Receive<SchedulerInbox> createReceive() {
    return newReceiveBuilder()
        .onMessage(Run.class, run -> after(run.task()))
        .onMessage(AgentReport.class, report -> after(() -> onReport(report)))
        .onMessage(VmHistory.class, history -> after(() -> core.onHistory(history)))
        .onMessage(SchedulerCommand.class, command -> after(() -> core.onCommand(command)))
        .onMessage(SchedulerQuery.class, query -> after(() -> core.onQuery(query)))
        .onSignal(PostStop.class, ignored -> stopped())
        .onSignal(PreRestart.class, ignored -> stopped())
        .build();
  }

  private Behavior<SchedulerInbox> after(Runnable task) {
    task.run();
    if (given.isPresent()) {
      // The supervisor begins anew, after a pause, with another take-over.
      throw new SchedulerGaveUpException(
          "scheduler on " + deps.node() + " gives up: " + given.get().getMessage(), given.get());
    }
    return this;
  }

  private Behavior<SchedulerInbox> stopped() {
    ended = true;
    deps.metrics().stopped();
    SchedulerLog.event("scheduler on " + deps.node() + " ended");
    return this;
  }

  private void onReport(AgentReport report) {
    agents.put(report.node(), report.agent());
    core.onReport(report);
  }

  private final class ActorShell implements Shell {
    private final ActorRef<SchedulerInbox> self = getContext().getSelf();
    private final Map<String, Set<Pending>> waiting = new HashMap<>();

    @Override
    public Instant now() {
      return deps.clock().instant();
    }

    private void onThread(Runnable task) {
      self.tell(run(task));
    }

    /** What was begun before a restart must not go on after it: the reference is the same. */
    private Run run(Runnable task) {
      return new Run(() -> {
        if (!ended) {
          task.run();
        }
      });
    }

    @Override
    public <T> void blocking(Callable<T> call, Consumer<T> done, Consumer<Exception> failed) {
      deps.blocking()
          .execute(() -> {
            try {
              T result = call.call();
              onThread(() -> done.accept(result));
            } catch (Exception e) {
              onThread(() -> failed.accept(e));
            }
          });
    }

    @Override
    public <T> void await(
        CompletableFuture<T> future, Consumer<T> done, Consumer<Exception> failed) {
      CompletableFuture<T> _ =
          future.whenCompleteAsync(
              (result, failure) ->
                  onThread(() -> {
                    if (failure == null) {
                      done.accept(result);
                    } else {
                      failed.accept(cause(failure));
                    }
                  }),
              deps.blocking());
    }

    private Exception cause(Throwable failure) {
      Throwable inner =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return inner instanceof Exception e ? e : new IllegalStateException(inner);
    }

    @Override
    public void after(Duration delay, Runnable task) {
      getContext().scheduleOnce(delay, self, run(task));
    }

    @Override
    public void order(
        String host,
        Order order,
        String vm,
        AgentStep step,
        Duration limit,
        Consumer<Answer> then) {
      ActorRef<AgentCommand> agent = agents.get(host);
      if (agent == null) {
        if (limit.isPositive()) {
          after(AGENT_POLL, () -> order(host, order, vm, step, limit.minus(AGENT_POLL), then));
        } else {
          onThread(() -> then.accept(new Answer.Silent("no agent of " + host + " has reported")));
        }
        return;
      }
      Pending pending = new Pending(then);
      waiting.computeIfAbsent(host, ignored -> new HashSet<>()).add(pending);
      getContext()
          .ask(
              StepReply.class,
              agent,
              limit,
              replyTo -> new AgentCommand.Perform(order, vm, step, replyTo),
              (reply, failure) ->
                  run(() ->
                      answer(
                          host,
                          pending,
                          reply != null
                              ? new Answer.Replied(reply)
                              : new Answer.Silent(
                                  host + " did not answer " + order.step() + " within " + limit))));
    }

    /** Only the first answer counts. */
    private void answer(String host, Pending pending, Answer answer) {
      Set<Pending> ofHost = waiting.get(host);
      if (ofHost != null && ofHost.remove(pending)) {
        pending.then().accept(answer);
      }
    }

    @Override
    public void agentReplaced(String host) {
      for (Pending pending : List.copyOf(waiting.getOrDefault(host, Set.of()))) {
        onThread(() ->
            answer(host, pending, new Answer.Silent("the agent of " + host + " was replaced")));
      }
    }

    @Override
    public void askHistory(String host) {
      ActorRef<AgentCommand> agent = agents.get(host);
      if (agent != null) {
        agent.tell(new AgentCommand.SendHistory(self.narrow()));
      }
    }

    @Override
    public void handOnHistory(String vm, String from, String to) {
      ActorRef<AgentCommand> old = agents.get(from);
      ActorRef<AgentCommand> next = agents.get(to);
      if (old != null && next != null) {
        old.tell(new AgentCommand.HandOnHistory(vm, next));
      }
    }

    @Override
    public void giveUp(Exception why) {
      ended = true;
      given = Optional.of(why);
    }
  }
}
