package io.drover.hostagent.agent;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** Starts the agent of this host; what a node with the agent role calls. */
public final class Agent {
  private Agent() {}

  /**
   * Starts it. It ends with the actor system, and leaves its virtual machines running.
   *
   * @return where orders go; the scheduler learns it from the reports
   */
  public static ActorRef<AgentCommand> start(
      ActorSystem<?> system, AgentDependencies dependencies) {
    ActorRef<AgentActor.Inbox> agent =
        system.systemActorOf(AgentActor.create(dependencies), "drover-agent", Props.empty());
    return agent.narrow();
  }
}
