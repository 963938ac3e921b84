package io.drover.daemon.api;

import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.scheduler.view.SchedulerView;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** A way to ask the cluster's one scheduler, wherever it runs now. */
@FunctionalInterface
public interface SchedulerLink {
  /**
   * Asks and waits for the answer.
   *
   * @throws ApiException when no scheduler answers in time
   */
  SchedulerView ask(Function<ActorRef<SchedulerView>, SchedulerInbox> question)
      throws ApiException, InterruptedException;

  /** Like {@link #ask}; what the scheduler refuses becomes an error. */
  default SchedulerView get(Function<ActorRef<SchedulerView>, SchedulerInbox> question)
      throws ApiException, InterruptedException {
    SchedulerView answer = ask(question);
    if (answer instanceof SchedulerView.Refused refused) {
      throw ApiFailures.refused(refused);
    }
    return answer;
  }
}
