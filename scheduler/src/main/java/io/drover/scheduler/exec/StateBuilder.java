package io.drover.scheduler.exec;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.host.HostTraits;
import io.drover.hostagent.power.PowerStatus;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.forecast.LearnedRange;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.HostPower;
import io.drover.scheduler.plan.HostView;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.plan.MoveInFlight;
import io.drover.scheduler.plan.PlacementRule;
import io.drover.scheduler.plan.Platform;
import io.drover.scheduler.plan.VmCondition;
import io.drover.scheduler.plan.VmView;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns records, reports and histories into what the planner plans from; pure functions.
 *
 * <p>In a plan machines go by their names, so that its explanations can be read.
 */
final class StateBuilder {
  /** Assumed of a host that was never seen starting. */
  private static final Duration UNKNOWN_BOOT = Duration.ofSeconds(60);

  private static final long MEBIBYTE = 1L << 20;

  private StateBuilder() {}

  /** A machine with everything but its forecast. */
  record VmFacts(
      VmRecord record,
      VmCondition condition,
      Samples samples,
      Optional<LearnedRange> learned,
      double dirtyBytesPerSecond,
      Optional<Instant> lastMoved,
      Optional<String> moveBlocker) {
    VmFacts withoutSamples() {
      return new VmFacts(
          record,
          condition,
          Samples.empty(),
          Optional.empty(),
          dirtyBytesPerSecond,
          lastMoved,
          moveBlocker);
    }
  }

  /** What a state is built from. */
  record Input(
      List<HostView> hosts,
      List<VmFacts> vms,
      List<MoveInFlight> moves,
      MigrationModel model,
      PowerMemory power) {}

  /** Builds the state; forecasts take most of the time. */
  static ClusterState build(Input input, Forecaster forecaster, double unknownCores, Instant now) {
    List<VmView> vms = new ArrayList<>();
    for (VmFacts facts : input.vms()) {
      VmSpec spec = facts.record().spec();
      Forecast quick = forecaster.forecast(facts.samples(), now, unknownCores * spec.vcpus());
      vms.add(view(facts, facts.learned().map(quick::withLearned).orElse(quick)));
    }
    List<VmSpec> specs = input.vms().stream().map(facts -> facts.record().spec()).toList();
    return new ClusterState(
        input.hosts(), vms, input.moves(), rules(specs), input.model(), input.power());
  }

  private static VmView view(VmFacts facts, Forecast forecast) {
    VmSpec spec = facts.record().spec();
    return new VmView(
        spec.name(),
        facts.record().placement().host(),
        facts.condition(),
        forecast,
        spec.vcpus(),
        spec.requirements().reservedMillicores() / 1000.0,
        spec.memoryMebibytes() * MEBIBYTE,
        facts.dirtyBytesPerSecond(),
        new Platform(
            spec.platform().accelerator().name().toLowerCase(Locale.ROOT),
            spec.platform().machineType(),
            spec.platform().cpuModel()),
        Mode.valueOf(spec.mode().name()),
        facts.lastMoved(),
        facts.moveBlocker());
  }

  /** Operators' rules, as the machines' descriptions have them. */
  static List<PlacementRule> rules(List<VmSpec> specs) {
    Map<VmId, String> names = new TreeMap<>();
    specs.forEach(spec -> names.put(spec.id(), spec.name()));
    List<PlacementRule> rules = new ArrayList<>();
    for (VmSpec spec : specs) {
      VmRequirements wants = spec.requirements();
      if (!wants.allowedHosts().isEmpty()) {
        rules.add(new PlacementRule.OnlyOn(Set.of(spec.name()), wants.allowedHosts()));
      }
      wants.apartFrom().stream()
          .sorted()
          .filter(other -> names.containsKey(other) && !other.equals(spec.id()))
          .forEach(other ->
              rules.add(
                  new PlacementRule.Apart(
                      Set.of(spec.name(), names.getOrDefault(other, other.value())))));
    }
    return rules;
  }

  /**
   * A host as the planner sees it. On its way to standby while the mode is not automatic, it is so
   * by an operator's word, and is emptied as for maintenance.
   */
  static HostView host(
      HostRecord record,
      boolean reachable,
      PowerStatus power,
      double linkBytesPerSecond,
      boolean automatic) {
    HostTraits traits = record.traits();
    boolean maintenance =
        record.power() == io.drover.hostagent.host.HostPower.DRAINING
            && !(record.thenStandby() && automatic);
    return new HostView(
        record.host(),
        traits.cpuCores(),
        traits.memoryBytes(),
        new Platform(
            traits.accelerator().toLowerCase(Locale.ROOT), traits.machineType(), traits.cpuModel()),
        HostPower.valueOf(record.power().name()),
        reachable,
        maintenance,
        sleepBlocker(traits, power),
        record.bootDuration().isZero() ? UNKNOWN_BOOT : record.bootDuration(),
        linkBytesPerSecond);
  }

  /** Why a host may not go to standby. */
  static Optional<String> sleepBlocker(HostTraits traits, PowerStatus power) {
    if (!traits.sleepBlocker().isEmpty()) {
      return Optional.of(traits.sleepBlocker());
    }
    return power == PowerStatus.UNKNOWN
        ? Optional.of("no power driver can wake it again")
        : Optional.empty();
  }

  /**
   * What a machine is doing.
   *
   * @param copy what its host says of it
   * @param starting a start of it is under way
   * @param held a start of it failed, and the next try has to wait
   */
  static VmCondition condition(
      VmRecord vm,
      boolean moving,
      boolean starting,
      boolean held,
      boolean hostReachable,
      CopyView copy) {
    boolean placed = vm.placement().host().isPresent();
    if (vm.placement().desired() == DesiredState.STOPPED) {
      return placed ? VmCondition.BLOCKED : VmCondition.STOPPED;
    }
    if (moving) {
      return VmCondition.MOVING;
    }
    if (starting) {
      return placed ? VmCondition.STARTING : VmCondition.BLOCKED;
    }
    if (!placed) {
      return held ? VmCondition.BLOCKED : VmCondition.UNPLACED;
    }
    boolean current = copy.placementEpoch() == vm.placement().placementEpoch();
    if (!hostReachable || (current && copy.alive() && copy.state() != CopyState.RUNNING)) {
      return VmCondition.BLOCKED;
    }
    return current && copy.state() == CopyState.RUNNING
        ? VmCondition.RUNNING
        : VmCondition.STARTING;
  }
}
