package io.drover.hostagent.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What came of an order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StepReply.Done.class, name = "done"),
  @JsonSubTypes.Type(value = StepReply.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = StepReply.Refused.class, name = "refused"),
})
public sealed interface StepReply extends AgentMessage {
  Order order();

  /** The agent that answers. */
  String node();

  /** The step is done, and was done before any repetition of it is answered. */
  record Done(Order order, String node, StepResult result) implements StepReply {}

  /** The step was tried and did not succeed; {@code copy} is what is here now. */
  record Failed(Order order, String node, CopyView copy, String reason) implements StepReply {}

  /**
   * The step was not tried: the order is stale, ZooKeeper is out, or the host takes no machines.
   */
  record Refused(Order order, String node, String reason) implements StepReply {}
}
