package io.drover.scheduler.exec;

import io.drover.hostagent.agent.SchedulerInbox;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The cluster's one scheduler.
 *
 * <p>That there is one is a matter of tidiness, not of safety: a second one, for as long as
 * membership is in doubt, is fenced by its epoch. The fenced one begins anew after a pause that
 * grows, so that two that cannot see each other do not take turns at taking over.
 */
public final class SchedulerSingleton {
  private static final String NAME = "drover-scheduler";
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(2);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(60);

  private SchedulerSingleton() {}

  /**
   * On a node that may be scheduler: takes part, and says how to reach whoever is.
   *
   * @param role cluster role of the nodes that take part
   */
  public static ActorRef<SchedulerInbox> start(
      ActorSystem<?> system, String role, SchedulerDependencies dependencies) {
    return init(system, role, behavior(dependencies));
  }

  /** On any other node: how to reach whoever is scheduler. */
  public static ActorRef<SchedulerInbox> proxy(ActorSystem<?> system, String role) {
    return init(system, role, Behaviors.empty());
  }

  /** The scheduler itself, begun anew when it fails. */
  public static Behavior<SchedulerInbox> behavior(SchedulerDependencies dependencies) {
    return Behaviors.supervise(SchedulerActor.create(dependencies))
        .onFailure(SupervisorStrategy.restartWithBackoff(LEAST_PAUSE, MOST_PAUSE, 0.2));
  }

  private static ActorRef<SchedulerInbox> init(
      ActorSystem<?> system, String role, Behavior<SchedulerInbox> behavior) {
    return ClusterSingleton.get(system)
        .init(
            SingletonActor.of(behavior, NAME)
                .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
  }
}
