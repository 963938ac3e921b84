package io.drover.scheduler.exec;

import io.drover.scheduler.exec.Replies.Refusal;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerView.Reason;
import java.util.Arrays;
import java.util.Locale;

/**
 * Carries out what operators ask for. A command is answered once what it asks for is recorded, so
 * that the next scheduler knows it, too.
 */
final class Commands {
  private final Shell shell;
  private final IntentStore records;
  private final ClusterBook book;
  private final Planning planning;
  private final Replies replies;
  private final VmCommands vms;
  private final HostCommands hosts;

  Commands(
      Shell shell,
      IntentStore records,
      ClusterBook book,
      Planning planning,
      Replies replies,
      VmCommands vms,
      HostCommands hosts) {
    this.shell = shell;
    this.records = records;
    this.book = book;
    this.planning = planning;
    this.replies = replies;
    this.vms = vms;
    this.hosts = hosts;
  }

  /** Whether the machine or host that a command is about is known here. */
  boolean knows(SchedulerCommand command) {
    return switch (command) {
      case SchedulerCommand.MigrateVm c -> book.vmNamed(c.vm()).isPresent();
      case SchedulerCommand.StartVm c -> book.vmNamed(c.vm()).isPresent();
      case SchedulerCommand.StopVm c -> book.vmNamed(c.vm()).isPresent();
      case SchedulerCommand.ResetVm c -> book.vmNamed(c.vm()).isPresent();
      case SchedulerCommand.DeleteVm c -> book.vmNamed(c.vm()).isPresent();
      case SchedulerCommand.DrainHost c -> book.host(c.host()).isPresent();
      case SchedulerCommand.UndrainHost c -> book.host(c.host()).isPresent();
      case SchedulerCommand.StandbyHost c -> book.host(c.host()).isPresent();
      case SchedulerCommand.WakeHost c -> book.host(c.host()).isPresent();
      case SchedulerCommand.SetMode ignored -> true;
      case SchedulerCommand.ApprovePlan ignored -> true;
      case SchedulerCommand.RejectPlan ignored -> true;
    };
  }

  void handle(SchedulerCommand command) {
    try {
      switch (command) {
        case SchedulerCommand.MigrateVm c -> vms.migrate(c);
        case SchedulerCommand.StartVm c -> vms.start(c);
        case SchedulerCommand.StopVm c -> vms.stop(c);
        case SchedulerCommand.ResetVm c -> vms.reset(c);
        case SchedulerCommand.DeleteVm c -> vms.delete(c);
        case SchedulerCommand.DrainHost c -> hosts.drain(c);
        case SchedulerCommand.UndrainHost c -> hosts.undrain(c);
        case SchedulerCommand.StandbyHost c -> hosts.standby(c);
        case SchedulerCommand.WakeHost c -> hosts.wake(c);
        case SchedulerCommand.SetMode c -> mode(c);
        case SchedulerCommand.ApprovePlan c -> approve(c);
        case SchedulerCommand.RejectPlan c -> reject(c);
      }
    } catch (Refusal refusal) {
      command.replyTo().tell(refusal.answer());
    }
  }

  private void mode(SchedulerCommand.SetMode c) throws Refusal {
    Mode wanted =
        Arrays.stream(Mode.values())
            .filter(mode -> mode.name().equalsIgnoreCase(c.mode()))
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    Reason.INVALID,
                    "mode '" + c.mode() + "' is none of automatic, recommend, off"));
    shell.blocking(
        () -> {
          records.mode(wanted);
          return wanted;
        },
        kept -> {
          planning.mode(kept);
          String text = "the mode is " + kept.name().toLowerCase(Locale.ROOT);
          replies.done(c.replyTo(), "mode", "scheduler", text);
          planning.plan();
        },
        failure -> Replies.refused(c.replyTo(), failure));
  }

  private void approve(SchedulerCommand.ApprovePlan c) throws Refusal {
    requirePlan(c.planId());
    int begun = planning.approve();
    replies.done(c.replyTo(), "approve", c.planId(), begun + " actions begun");
  }

  private void reject(SchedulerCommand.RejectPlan c) throws Refusal {
    requirePlan(c.planId());
    int dropped = planning.reject();
    replies.done(c.replyTo(), "reject", c.planId(), dropped + " actions dropped for now");
  }

  private void requirePlan(String id) throws Refusal {
    if (!planning.plans().id().equals(id)) {
      throw new Refusal(
          Reason.CONFLICT,
          "the plan is " + planning.plans().id() + " by now, not " + id + "; look at it again");
    }
    if (planning.plans().waiting().isEmpty()) {
      throw new Refusal(Reason.CONFLICT, "nothing in plan " + id + " waits for approval");
    }
  }
}
