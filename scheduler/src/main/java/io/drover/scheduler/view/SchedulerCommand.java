package io.drover.scheduler.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.drover.hostagent.agent.SchedulerInbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Something an operator wants done.
 *
 * <p>Answered at once with {@link SchedulerView.Accepted}, whose id {@link
 * SchedulerQuery.GetOperation} follows, or with {@link SchedulerView.Refused}. Machines are named
 * by id or name.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SchedulerCommand.MigrateVm.class, name = "migrate-vm"),
  @JsonSubTypes.Type(value = SchedulerCommand.StartVm.class, name = "start-vm"),
  @JsonSubTypes.Type(value = SchedulerCommand.StopVm.class, name = "stop-vm"),
  @JsonSubTypes.Type(value = SchedulerCommand.ResetVm.class, name = "reset-vm"),
  @JsonSubTypes.Type(value = SchedulerCommand.DeleteVm.class, name = "delete-vm"),
  @JsonSubTypes.Type(value = SchedulerCommand.DrainHost.class, name = "drain-host"),
  @JsonSubTypes.Type(value = SchedulerCommand.UndrainHost.class, name = "undrain-host"),
  @JsonSubTypes.Type(value = SchedulerCommand.StandbyHost.class, name = "standby-host"),
  @JsonSubTypes.Type(value = SchedulerCommand.WakeHost.class, name = "wake-host"),
  @JsonSubTypes.Type(value = SchedulerCommand.SetMode.class, name = "set-mode"),
  @JsonSubTypes.Type(value = SchedulerCommand.ApprovePlan.class, name = "approve-plan"),
  @JsonSubTypes.Type(value = SchedulerCommand.RejectPlan.class, name = "reject-plan"),
})
public sealed interface SchedulerCommand extends SchedulerInbox {
  ActorRef<SchedulerView> replyTo();

  /** Move a running machine to a host. */
  record MigrateVm(String vm, String toHost, ActorRef<SchedulerView> replyTo)
      implements SchedulerCommand {}

  /** Start a machine; an empty {@code host} lets the scheduler choose. */
  record StartVm(String vm, String host, ActorRef<SchedulerView> replyTo)
      implements SchedulerCommand {}

  /** Stop a machine; {@code force} does not ask the guest. */
  record StopVm(String vm, boolean force, ActorRef<SchedulerView> replyTo)
      implements SchedulerCommand {}

  /** Reset a machine. */
  record ResetVm(String vm, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Delete a stopped machine; its disks stay. */
  record DeleteVm(String vm, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Move every machine off a host and start none there until {@link UndrainHost}. */
  record DrainHost(String host, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Let a drained host take machines again. */
  record UndrainHost(String host, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Drain a host and power it off. */
  record StandbyHost(String host, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Power a host on. */
  record WakeHost(String host, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /**
   * Set how much the scheduler does by itself: {@code automatic}, {@code recommend} or {@code off}.
   */
  record SetMode(String mode, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Carry out the plan shown, when its id still is {@code planId}. */
  record ApprovePlan(String planId, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}

  /** Drop what in the plan shown waits for approval, when its id still is {@code planId}. */
  record RejectPlan(String planId, ActorRef<SchedulerView> replyTo) implements SchedulerCommand {}
}
