package io.drover.hostagent.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.apache.pekko.actor.typed.ActorRef;

/** What an agent accepts from elsewhere. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AgentCommand.Perform.class, name = "perform"),
  @JsonSubTypes.Type(value = AgentCommand.SendHistory.class, name = "send-history"),
  @JsonSubTypes.Type(value = AgentCommand.HandOnHistory.class, name = "hand-on-history"),
  @JsonSubTypes.Type(value = AgentCommand.KeepHistory.class, name = "keep-history"),
})
public sealed interface AgentCommand extends AgentMessage, AgentActor.Inbox {

  /** Carry out {@code step} on the machine {@code vm}; answered once, however long it takes. */
  record Perform(Order order, String vm, AgentStep step, ActorRef<StepReply> replyTo)
      implements AgentCommand {}

  /**
   * Send the recent demand of every machine here, one or more {@link VmHistory} each: a new
   * scheduler rebuilds from it.
   */
  record SendHistory(ActorRef<? super VmHistory> replyTo) implements AgentCommand {}

  /** Give the recent demand of a machine that moved away to its new host's agent. */
  record HandOnHistory(String vm, ActorRef<AgentCommand> to) implements AgentCommand {}

  /** Keep what another host has seen of a machine that is here now. */
  record KeepHistory(VmHistory history) implements AgentCommand {}
}
