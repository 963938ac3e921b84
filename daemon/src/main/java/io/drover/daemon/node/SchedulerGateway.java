package io.drover.daemon.node;

import io.drover.daemon.api.ApiException;
import io.drover.daemon.api.SchedulerLink;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.scheduler.view.SchedulerView;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the scheduler through this node's present membership; there is none between the end of one
 * actor system and the start of the next.
 */
final class SchedulerGateway implements SchedulerLink {
  private final Duration timeout;
  private volatile @Nullable Route route;

  private record Route(ActorSystem<?> system, ActorRef<SchedulerInbox> scheduler) {}

  SchedulerGateway(Duration timeout) {
    this.timeout = timeout;
  }

  /** From now on ask this proxy. */
  void use(ActorSystem<?> system, ActorRef<SchedulerInbox> scheduler) {
    route = new Route(system, scheduler);
  }

  @Override
  public SchedulerView ask(Function<ActorRef<SchedulerView>, SchedulerInbox> question)
      throws ApiException, InterruptedException {
    Route current = route;
    if (current == null || current.system().whenTerminated().isCompleted()) {
      throw ApiException.unavailable(
          "this node is not a member of the cluster now, so it cannot ask the scheduler",
          "wait until it has joined again, or ask another node by --api URL");
    }
    try {
      return AskPattern.<SchedulerInbox, SchedulerView>ask(
              current.scheduler(), question::apply, timeout, current.system().scheduler())
          .toCompletableFuture()
          .get(timeout.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CompletionException silent) {
      throw ApiException.unavailable(
          "the scheduler did not answer within " + timeout.toSeconds() + " s",
          "another node takes over when the scheduler's is gone; `drover status` shows the nodes");
    }
  }
}
