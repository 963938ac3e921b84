package io.drover.scheduler.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.drover.hostagent.agent.AgentMessage;
import java.util.List;
import java.util.Optional;

/** What the scheduler answers to a query or a command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SchedulerView.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = SchedulerView.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = SchedulerView.Status.class, name = "status"),
  @JsonSubTypes.Type(value = SchedulerView.Hosts.class, name = "hosts"),
  @JsonSubTypes.Type(value = SchedulerView.Vms.class, name = "vms"),
  @JsonSubTypes.Type(value = SchedulerView.PlanShown.class, name = "plan"),
  @JsonSubTypes.Type(value = SchedulerView.Explained.class, name = "explained"),
  @JsonSubTypes.Type(value = SchedulerView.HostExplained.class, name = "host-explained"),
  @JsonSubTypes.Type(value = SchedulerView.Moves.class, name = "moves"),
  @JsonSubTypes.Type(value = SchedulerView.Operation.class, name = "operation"),
})
public sealed interface SchedulerView extends AgentMessage {

  /** The command is recorded and will be carried out or undone, also if this scheduler dies. */
  record Accepted(String operationId, String message) implements SchedulerView {}

  /** Nothing was changed. */
  record Refused(Reason reason, String message) implements SchedulerView {}

  /** Why something was refused; the API maps it to an HTTP status. */
  enum Reason {
    NOT_FOUND,
    INVALID,
    CONFLICT,
    UNAVAILABLE
  }

  /** The scheduler itself and totals. */
  record Status(
      String schedulerNode,
      long schedulerEpoch,
      String mode,
      long planAgeMillis,
      int hostsOn,
      int hostsStandby,
      int vmsRunning,
      int vmsTotal,
      int operationsOpen,
      double forecastErrorCores,
      double hostSecondsSaved,
      long movesSucceeded,
      long movesFailed)
      implements SchedulerView {}

  /** All hosts the scheduler knows, by name. */
  record Hosts(List<HostInfo> hosts) implements SchedulerView {
    public Hosts {
      hosts = List.copyOf(hosts);
    }
  }

  /** All machines, by name. */
  record Vms(List<VmInfo> vms) implements SchedulerView {
    public Vms {
      vms = List.copyOf(vms);
    }
  }

  /**
   * The newest plan.
   *
   * @param notes why nothing was done, per machine or host, and what else the planner has to say
   */
  record PlanShown(
      String planId, long atEpochMillis, String mode, List<ActionInfo> actions, List<String> notes)
      implements SchedulerView {
    public PlanShown {
      actions = List.copyOf(actions);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Why a machine is where it is: facts, its forecast, and what the planner considered.
   *
   * @param forecast what the planner goes by, in words
   * @param phase of its demand; empty before a stable stretch was seen
   * @param prediction of the fleet's predictor; empty before its first slot has closed
   */
  record Explained(
      VmInfo vm,
      String forecast,
      Optional<PhaseInfo> phase,
      Optional<PredictionInfo> prediction,
      List<String> considered,
      List<MoveInfo> moves)
      implements SchedulerView {
    public Explained {
      considered = List.copyOf(considered);
      moves = List.copyOf(moves);
    }
  }

  /**
   * The present phase of a machine's demand.
   *
   * @param expectedRemainingMillis how long it may last on
   * @param confidence share of that which rests on earlier phases of this machine, 0 to 1
   * @param glitches spikes that were left out of the samples kept
   * @param undecidedSamples at the end, which may be a glitch or a new phase
   */
  record PhaseInfo(
      double levelCores,
      long sinceEpochMillis,
      long expectedRemainingMillis,
      double confidence,
      int glitches,
      int undecidedSamples) {}

  /**
   * What the fleet's predictor says of a machine.
   *
   * @param slots with samples that it rests on
   * @param trust how far that many are enough, 0 to 1; 0 also while demand has left what was
   *     learned
   * @param intervalMillis width of a slot
   * @param horizons from the nearest to the farthest
   * @param sentence the same in words
   */
  record PredictionInfo(
      int slots, double trust, long intervalMillis, List<HorizonInfo> horizons, String sentence) {
    public PredictionInfo {
      horizons = List.copyOf(horizons);
    }
  }

  /**
   * The forecast at one horizon, in cores.
   *
   * @param ninety not passed nine times in ten; the others likewise
   * @param usualError how far the middle has missed lately
   * @param widened factor on the range, by what was missed
   * @param models those with the largest weights, the largest first
   */
  record HorizonInfo(
      long aheadMillis,
      double middle,
      double ninety,
      double ninetyFive,
      double ninetyNine,
      double usualError,
      double widened,
      List<ModelInfo> models) {
    public HorizonInfo {
      models = List.copyOf(models);
    }
  }

  /** A model and its weight in the mixture, 0 to 1. */
  record ModelInfo(String model, double weight) {}

  /** Why a host is as it is: what the planner considered, and the machines placed on it. */
  record HostExplained(HostInfo host, List<String> considered, List<VmInfo> vms)
      implements SchedulerView {
    public HostExplained {
      considered = List.copyOf(considered);
      vms = List.copyOf(vms);
    }
  }

  /** Moves that ended, newest last. */
  record Moves(List<MoveInfo> moves) implements SchedulerView {
    public Moves {
      moves = List.copyOf(moves);
    }
  }

  /**
   * How a command goes.
   *
   * @param kind what it is: {@code move}, {@code start}, {@code stop}, {@code standby}, {@code
   *     wake}, ...
   * @param phase the step under way, or how it ended
   */
  record Operation(
      String id,
      String kind,
      String subject,
      String phase,
      boolean done,
      boolean succeeded,
      String message)
      implements SchedulerView {}

  /**
   * One host.
   *
   * @param power {@code ON}, {@code DRAINING}, {@code STANDBY} or {@code WAKING}
   * @param reachable whether its agent reported of late
   * @param reportAgeMillis since its last report; -1 if it never reported
   */
  record HostInfo(
      String name,
      String power,
      boolean reachable,
      double capacityCores,
      double demandCores,
      double forecastCores,
      long memoryBytes,
      long memoryUsedBytes,
      int vms,
      String accelerator,
      long bootMillis,
      long reportAgeMillis) {}

  /**
   * One machine.
   *
   * @param desired {@code RUNNING} or {@code STOPPED}
   * @param state what its host last reported of it: {@code RUNNING}, {@code PAUSED}, {@code
   *     IO_ERROR}, {@code UNKNOWN}, {@code MOVING}, {@code STARTING}, {@code STOPPED}, {@code
   *     LOST}, ...
   * @param trouble why it is not as desired, or empty
   * @param operation id of what is done to it now, or empty
   */
  record VmInfo(
      String id,
      String name,
      String host,
      String desired,
      String state,
      long placementEpoch,
      int vcpus,
      long memoryBytes,
      double cpuUsedCores,
      double cpuDemandCores,
      double forecastCores,
      List<String> disks,
      String trouble,
      String operation) {
    public VmInfo {
      disks = List.copyOf(disks);
    }
  }

  /**
   * One planned action.
   *
   * @param kind {@code move}, {@code standby}, {@code wake} or {@code start}
   * @param explanation the forecast it rests on, cost, benefit, risk, and what lost against it
   */
  record ActionInfo(
      String kind, String vm, String fromHost, String toHost, String explanation, String state) {}

  /**
   * A move that ended.
   *
   * @param outcome {@code moved}, {@code undone}, {@code restarted}
   * @param byHand an operator asked for it
   * @param actualDowntimeMillis from the source standing still to the destination running
   * @param dirtyBytesPerSecond how fast the prediction assumed that memory is written
   */
  record MoveInfo(
      String id,
      String vm,
      String from,
      String to,
      String outcome,
      boolean byHand,
      long startedEpochMillis,
      long predictedMillis,
      long actualMillis,
      long predictedDowntimeMillis,
      long actualDowntimeMillis,
      long transferredBytes,
      long memoryBytes,
      double dirtyBytesPerSecond,
      Optional<String> trouble) {}
}
