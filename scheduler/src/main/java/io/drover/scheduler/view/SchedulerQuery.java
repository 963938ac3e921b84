package io.drover.scheduler.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.drover.hostagent.agent.SchedulerInbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A question to the scheduler; each is answered with the matching {@link SchedulerView} or a {@link
 * SchedulerView.Refused}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SchedulerQuery.GetStatus.class, name = "status"),
  @JsonSubTypes.Type(value = SchedulerQuery.GetHosts.class, name = "hosts"),
  @JsonSubTypes.Type(value = SchedulerQuery.GetVms.class, name = "vms"),
  @JsonSubTypes.Type(value = SchedulerQuery.GetPlan.class, name = "plan"),
  @JsonSubTypes.Type(value = SchedulerQuery.ExplainVm.class, name = "explain"),
  @JsonSubTypes.Type(value = SchedulerQuery.ExplainHost.class, name = "explain-host"),
  @JsonSubTypes.Type(value = SchedulerQuery.GetMoves.class, name = "moves"),
  @JsonSubTypes.Type(value = SchedulerQuery.GetOperation.class, name = "operation"),
})
public sealed interface SchedulerQuery extends SchedulerInbox {
  ActorRef<SchedulerView> replyTo();

  /** Answered with {@link SchedulerView.Status}. */
  record GetStatus(ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /** Answered with {@link SchedulerView.Hosts}. */
  record GetHosts(ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /** Answered with {@link SchedulerView.Vms}. */
  record GetVms(ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /** Answered with {@link SchedulerView.PlanShown}. */
  record GetPlan(ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /**
   * Why a machine (by name or id) is where it is; answered with {@link SchedulerView.Explained}.
   */
  record ExplainVm(String vm, ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /** What is planned for a host and why; answered with {@link SchedulerView.HostExplained}. */
  record ExplainHost(String host, ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /**
   * Moves that ended, newest last, at most {@code limit}; answered with {@link
   * SchedulerView.Moves}.
   */
  record GetMoves(int limit, ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}

  /** How an accepted command goes; answered with {@link SchedulerView.Operation}. */
  record GetOperation(String id, ActorRef<SchedulerView> replyTo) implements SchedulerQuery {}
}
