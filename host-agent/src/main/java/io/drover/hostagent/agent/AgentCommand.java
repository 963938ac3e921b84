package io.drover.hostagent.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.apache.pekko.actor.typed.ActorRef;

/** What an agent accepts from elsewhere. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AgentCommand.Perform.class, name = "perform"),
  @JsonSubTypes.Type(value = AgentCommand.SendHistory.class, name = "send-history"),
})
public sealed interface AgentCommand extends AgentMessage, AgentActor.Inbox {

  /** Carry out {@code step} on the machine {@code vm}; answered once, however long it takes. */
  record Perform(Order order, String vm, AgentStep step, ActorRef<StepReply> replyTo)
      implements AgentCommand {}

  /**
   * Send the recent demand of every machine here, one {@link VmHistory} each: a new scheduler
   * rebuilds from it.
   */
  record SendHistory(ActorRef<VmHistory> replyTo) implements AgentCommand {}
}
