package io.drover.scheduler.simulation;

import io.drover.predictor.forecast.Forecaster;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.plan.Action;
import io.drover.scheduler.plan.HostPower;
import io.drover.scheduler.plan.Plan;
import io.drover.scheduler.plan.Planner;
import io.drover.scheduler.settings.SchedulerSettings;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/** Runs one script against the real forecaster and planner and judges what came of it. */
final class ClosedLoop {
  private static final double SAMPLE_SECONDS = 2;
  private static final double RELIEF_SECONDS = 4;

  /** How long nothing happens at the beginning of the demo. */
  static final double CALM_SECONDS = 16;

  private static final double LONGEST_OVERLOAD = 75;
  private static final double GLITCH_SECONDS = 32;
  private static final double LONGEST_QUIET = 110;
  private static final double RISE_SECONDS = Scripts.RAMP_AFTER + Scripts.RAMP_SECONDS + 12;

  /** What happened: the four events, and how long it all took. */
  record Outcome(
      boolean overloadRelieved,
      boolean glitchIgnored,
      boolean standby,
      boolean wokenInTime,
      double seconds,
      double relievedAfter,
      double asleepAfter,
      double spareSeconds,
      int moves) {
    boolean all() {
      return overloadRelieved && glitchIgnored && standby && wokenInTime;
    }
  }

  private final Scripts scripts;
  private final SimulatedFleet fleet;
  private final double calmSeconds;
  private final SchedulerSettings settings;
  private final Forecaster forecaster;
  private final FleetForecasts forecasts;
  private final Random random;
  private final Consumer<String> log;
  private double nextPlan;

  private boolean overloadRelieved;
  private boolean glitchIgnored = true;
  private boolean standby;
  private boolean wokenInTime;
  private double relievedAfter = Double.NaN;
  private double asleepAfter = Double.NaN;
  private double spareSeconds = Double.NaN;
  private boolean relieving;
  private boolean seenOverloaded;
  private double calmSince;

  private ClosedLoop(
      long seed,
      int machines,
      SimulatedFleet.Conditions conditions,
      double calmSeconds,
      SchedulerSettings settings,
      Consumer<String> log) {
    this.calmSeconds = calmSeconds;
    this.settings = settings;
    scripts = new Scripts(seed, machines, SAMPLE_SECONDS);
    random = scripts.random("world");
    Consumer<String> stamped = line -> log.accept(stamp() + line);
    this.log = stamped;
    fleet =
        new SimulatedFleet(
            scripts.startingHosts(),
            conditions,
            settings.forecast().historySamples(),
            SAMPLE_SECONDS,
            random,
            stamped);
    forecaster = new Forecaster(settings.forecast());
    forecasts = new FleetForecasts(settings.learning(), forecaster, _ -> {});
  }

  /**
   * Plays the script.
   *
   * @param calmSeconds how long nothing happens at its beginning
   */
  static Outcome run(
      long seed,
      int machines,
      SimulatedFleet.Conditions conditions,
      double calmSeconds,
      SchedulerSettings settings,
      Consumer<String> log) {
    return new ClosedLoop(seed, machines, conditions, calmSeconds, settings, log).run();
  }

  private String stamp() {
    return String.format(Locale.ROOT, "%6.1f  ", fleet == null ? 0 : fleet.now);
  }

  private Outcome run() {
    boot();
    for (Scripts.Phase phase : scripts.phases) {
      run(phase);
    }
    return new Outcome(
        overloadRelieved,
        glitchIgnored,
        standby,
        wokenInTime,
        fleet.now,
        relievedAfter,
        asleepAfter,
        spareSeconds,
        fleet.movesDone);
  }

  /** The script and the planning begin when all machines have booted. */
  private void boot() {
    Scripts.Loads calm = scripts.loads(Scripts.Phase.CALM, fleet.placement());
    while (fleet.vms.values().stream().anyMatch(vm -> vm.bootWorkLeft > 0)) {
      fleet.step(calm, 0);
    }
  }

  private void run(Scripts.Phase phase) {
    Scripts.Loads loads = scripts.loads(phase, fleet.placement());
    log.accept("---- " + phase + " " + loads.subject() + " " + fleet.placement());
    relieving = false;
    double begun = fleet.now;
    boolean over = false;
    while (!over) {
      double elapsed = fleet.now - begun;
      advance(phase, loads, elapsed);
      over =
          switch (phase) {
            case CALM -> elapsed >= calmSeconds;
            case OVERLOAD -> relieved(loads.subject(), elapsed) || elapsed >= LONGEST_OVERLOAD;
            case GLITCH -> elapsed >= GLITCH_SECONDS;
            case QUIET -> asleep(elapsed) || elapsed >= LONGEST_QUIET;
            case RISE -> risen(elapsed);
          };
    }
  }

  /**
   * Over when the hot host was seen above its capacity, a move off it came through, and no host was
   * above its capacity for a while.
   */
  private boolean relieved(String hot, double elapsed) {
    seenOverloaded |= fleet.measured(hot) > Scripts.HOST;
    boolean idle = fleet.vms.values().stream().allMatch(vm -> vm.move.isEmpty());
    boolean fits = fleet.hosts.keySet().stream().allMatch(h -> fleet.measured(h) <= Scripts.HOST);
    if (!seenOverloaded || !relieving || !idle || !fits) {
      calmSince = fleet.now;
      return false;
    }
    overloadRelieved = fleet.now - calmSince >= RELIEF_SECONDS;
    relievedAfter = elapsed;
    return overloadRelieved;
  }

  private boolean asleep(double elapsed) {
    standby = fleet.hosts.values().stream().anyMatch(host -> host.power == HostPower.STANDBY);
    if (standby) {
      asleepAfter = elapsed;
    }
    return standby;
  }

  /** The woken host has to be back before all machines want more than the awake hosts have. */
  private boolean risen(double elapsed) {
    boolean back = fleet.hosts.values().stream().allMatch(host -> host.power == HostPower.ON);
    if (standby && back && Double.isNaN(spareSeconds)) {
      double begun = fleet.now - elapsed;
      Scripts.Loads loads = scripts.loads(Scripts.Phase.RISE, fleet.placement());
      double needed = elapsed;
      double three = Scripts.HOST * (Scripts.HOSTS - 1);
      while (needed < 600 && total(loads, needed) <= three) {
        needed += 0.1;
      }
      spareSeconds = needed - elapsed;
      wokenInTime = fleet.wanted() <= three;
      log.accept("back after %.1f s, %.1f s to spare".formatted(fleet.now - begun, spareSeconds));
    }
    return elapsed >= RISE_SECONDS;
  }

  private double total(Scripts.Loads loads, double seconds) {
    return fleet.vms.values().stream().mapToDouble(vm -> vm.bias * loads.at(vm.id, seconds)).sum();
  }

  private void advance(Scripts.Phase phase, Scripts.Loads loads, double elapsed) {
    fleet.step(loads, elapsed);
    if (fleet.now < nextPlan) {
      return;
    }
    nextPlan = fleet.now + settings.planInterval().toMillis() / 1000.0 + 0.4 * random.nextDouble();
    Plan plan =
        Planner.plan(fleet.state(forecaster, forecasts), settings.policy(), fleet.instant());
    fleet.powerMemory = plan.power();
    for (Action action : plan.actions()) {
      if (action instanceof Action.Move move) {
        glitchIgnored &= phase != Scripts.Phase.GLITCH;
        relieving |=
            phase == Scripts.Phase.OVERLOAD
                && move.from().equals(loads.subject())
                && move.purpose() == Action.Purpose.RELIEVE_OVERLOAD;
      }
      fleet.begin(action);
    }
    trace(plan);
  }

  private void trace(Plan plan) {
    plan.hostReasons()
        .forEach((host, why) ->
            log.accept("  %s wants %.2f; %s".formatted(host, fleet.wanted(host), why)));
    plan.vmReasons().forEach((vm, why) -> log.accept("  %s %s".formatted(vm, why)));
  }
}
