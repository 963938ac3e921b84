package io.drover.scheduler.simulation;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.Demand;
import io.drover.predictor.history.DemandHistory;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.cost.MigrationOutcome;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.plan.Action;
import io.drover.scheduler.plan.ClusterState;
import io.drover.scheduler.plan.HostPower;
import io.drover.scheduler.plan.HostView;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.plan.MoveInFlight;
import io.drover.scheduler.plan.Platform;
import io.drover.scheduler.plan.VmCondition;
import io.drover.scheduler.plan.VmView;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A few hosts with a CPU quota each, and machines on them, in steps of a tenth of a second.
 *
 * <p>As unkind as emulated guests on a crowded machine are: every machine boots at full load, and
 * its load is off by a few per cent for good and by more from sample to sample; samples come with
 * jitter and are lost at a switch-over; who is throttled waits longer than what it lacks; a
 * migration takes its time and CPU on both sides, and sometimes fails at its end; a host takes its
 * time to boot.
 */
final class SimulatedFleet {
  static final double STEP = 0.1;
  private static final long MEMORY = 128L << 20;
  private static final double COPY_CORES = 0.02;
  private static final double LINK = 32 << 20;

  /**
   * How unkind.
   *
   * @param noise standard deviation of one sample, as a share of the demand
   * @param failedMoves share of the migrations that fail
   */
  record Conditions(
      double noise,
      double leastMoveSeconds,
      double mostMoveSeconds,
      double leastBootSeconds,
      double mostBootSeconds,
      double failedMoves) {}

  /** A machine and what it is doing. */
  static final class Vm {
    final String id;
    final DemandHistory history;
    final double bias;
    Host host;
    double bootWorkLeft;
    double want;
    double measured;
    double used;
    double waited;
    double sampleStart;
    double nextSample;
    boolean skipSample;
    Optional<Double> lastMoved = Optional.of(0.0);
    Optional<Move> move = Optional.empty();

    Vm(String id, Host host, int samples, Random random) {
      this.id = id;
      this.host = host;
      history = new DemandHistory(samples);
      bias = 1 + 0.04 * (2 * random.nextDouble() - 1);
      bootWorkLeft = 3 + 1.5 * random.nextDouble();
      nextSample = 2 * random.nextDouble();
    }
  }

  /** A migration under way. */
  record Move(Host from, Host to, double begun, double ends, boolean fails) {}

  /** A host and its power. */
  static final class Host {
    final String id;
    final boolean maySleep;
    HostPower power = HostPower.ON;
    double powerChangesAt = Double.POSITIVE_INFINITY;
    // What is assumed of a host that was never seen starting.
    Duration bootTime = Duration.ofSeconds(60);
    double wokenAt;

    Host(String id, boolean maySleep) {
      this.id = id;
      this.maySleep = maySleep;
    }
  }

  final Map<String, Host> hosts = new TreeMap<>();
  final Map<String, Vm> vms = new TreeMap<>();
  private final Random random;
  private final Conditions conditions;
  private final double sampleSeconds;
  private final Consumer<String> log;
  private MigrationModel migrations = MigrationModel.fresh();
  PowerMemory powerMemory = PowerMemory.fresh();
  double now;
  int movesDone;

  SimulatedFleet(
      Map<String, String> placement,
      Conditions conditions,
      int historySamples,
      double sampleSeconds,
      Random random,
      Consumer<String> log) {
    this.conditions = conditions;
    this.random = random;
    this.sampleSeconds = sampleSeconds;
    this.log = log;
    for (int h = 0; h < Scripts.HOSTS; h++) {
      hosts.put(Scripts.host(h), new Host(Scripts.host(h), h == Scripts.HOSTS - 1));
    }
    placement.forEach(
        (vm, host) -> vms.put(vm, new Vm(vm, Scripts.of(hosts, host), historySamples, random)));
  }

  Instant instant() {
    return instant(now);
  }

  private static Instant instant(double seconds) {
    return Instant.ofEpochSecond(1_000_000).plusMillis(Math.round(seconds * 1000));
  }

  Map<String, String> placement() {
    TreeMap<String, String> placement = new TreeMap<>();
    vms.values().forEach(vm -> placement.put(vm.id, vm.host.id));
    return placement;
  }

  /** What the newest samples of a host's machines say, in cores. */
  double measured(String host) {
    return vms.values().stream()
        .filter(vm -> vm.host.id.equals(host))
        .mapToDouble(v -> v.measured)
        .sum();
  }

  /** What the machines of a host want now, in cores, without noise. */
  double wanted(String host) {
    return vms.values().stream()
        .filter(vm -> vm.host.id.equals(host))
        .mapToDouble(v -> v.want)
        .sum();
  }

  double wanted() {
    return vms.values().stream().mapToDouble(vm -> vm.want).sum();
  }

  /** Capacity of the hosts that are on, in cores. */
  double awake() {
    return Scripts.HOST
        * hosts.values().stream().filter(host -> host.power == HostPower.ON).count();
  }

  /** One step of time with these loads. */
  void step(Scripts.Loads loads, double phaseSeconds) {
    now += STEP;
    for (Vm vm : vms.values()) {
      vm.want = vm.bootWorkLeft > 0 ? 1 : loads.at(vm.id, phaseSeconds - 0.5) * vm.bias;
    }
    hosts.values().forEach(this::share);
    vms.values().forEach(this::advanceMove);
    vms.values().forEach(this::sample);
    hosts.values().forEach(this::advancePower);
  }

  /** Fair shares: nobody gets more than it wants, and what is left over goes to the others. */
  private void share(Host host) {
    List<Vm> guests = new ArrayList<>();
    double capacity = Scripts.HOST;
    for (Vm vm : vms.values()) {
      if (vm.host == host) {
        guests.add(vm);
      }
      if (vm.move.isPresent() && (vm.move.get().from() == host || vm.move.get().to() == host)) {
        capacity -= COPY_CORES;
      }
    }
    guests.sort((a, b) -> Double.compare(a.want, b.want));
    double left = capacity;
    for (int i = 0; i < guests.size(); i++) {
      Vm vm = guests.get(i);
      double got = Math.min(vm.want, left / (guests.size() - i));
      left -= got;
      vm.bootWorkLeft -= vm.bootWorkLeft > 0 ? got * STEP : 0;
      vm.used += got * STEP;
      vm.waited += (vm.want - got) * STEP * 1.2;
    }
  }

  private void advanceMove(Vm vm) {
    if (vm.move.isEmpty() || now < vm.move.get().ends()) {
      return;
    }
    Move move = vm.move.get();
    vm.move = Optional.empty();
    if (move.fails()) {
      log.accept(vm.id + " stays on " + move.from().id + ": its migration failed");
      return;
    }
    vm.host = move.to();
    vm.lastMoved = Optional.of(now);
    vm.skipSample = true;
    movesDone++;
    Duration took = Duration.ofMillis(Math.round(1000 * (move.ends() - move.begun())));
    migrations =
        migrations.learn(
            new MigrationOutcome(migrations.bare(MEMORY, 0, LINK), took, Duration.ofMillis(300)));
    log.accept(vm.id + " is now on " + vm.host.id);
  }

  private void sample(Vm vm) {
    if (now < vm.nextSample) {
      return;
    }
    double span = now - vm.sampleStart;
    double noise =
        Math.clamp(
            1 + conditions.noise() * random.nextGaussian(),
            1 - 2.5 * conditions.noise(),
            1 + 2.5 * conditions.noise());
    double demand = Demand.cpuCores(vm.used / span * noise, vm.waited / span * noise, 1);
    if (vm.skipSample) {
      vm.skipSample = false;
    } else {
      vm.history.add(instant().toEpochMilli(), demand);
    }
    vm.measured = demand;
    vm.used = 0;
    vm.waited = 0;
    vm.sampleStart = now;
    vm.nextSample = now + sampleSeconds * (0.9 + 0.2 * random.nextDouble());
  }

  private void advancePower(Host host) {
    if (now < host.powerChangesAt) {
      return;
    }
    host.powerChangesAt = Double.POSITIVE_INFINITY;
    if (host.power == HostPower.WAKING) {
      host.power = HostPower.ON;
      host.bootTime = Duration.ofMillis(Math.round(1000 * (now - host.wokenAt)));
    } else {
      host.power = HostPower.STANDBY;
    }
    log.accept(host.id + " is " + host.power);
  }

  /** What the scheduler knows now. */
  ClusterState state(Forecaster forecaster, FleetForecasts forecasts) {
    forecasts.advance(
        instant(), vms.keySet(), (vm, from) -> Scripts.of(vms, vm).history.since(from));
    List<HostView> hostViews = new ArrayList<>();
    for (Host host : hosts.values()) {
      hostViews.add(
          new HostView(
              host.id,
              Scripts.HOST,
              2L << 30,
              Platform.ANY,
              host.power,
              host.power == HostPower.ON || host.power == HostPower.DRAINING,
              false,
              host.maySleep ? Optional.empty() : Optional.of("it stores replicas"),
              host.bootTime,
              LINK));
    }
    List<VmView> vmViews = new ArrayList<>();
    List<MoveInFlight> moves = new ArrayList<>();
    for (Vm vm : vms.values()) {
      Forecast quick = forecaster.forecast(vm.history.snapshot(), instant(), 0.25);
      vm.move.ifPresent(move -> moves.add(new MoveInFlight(vm.id, move.from().id, move.to().id)));
      vmViews.add(
          new VmView(
              vm.id,
              Optional.of(vm.host.id),
              vm.move.isPresent() ? VmCondition.MOVING : VmCondition.RUNNING,
              forecasts.range(vm.id).map(quick::withLearned).orElse(quick),
              1,
              0,
              MEMORY,
              0,
              Platform.ANY,
              Mode.AUTOMATIC,
              vm.lastMoved.map(SimulatedFleet::instant),
              Optional.empty()));
    }
    return new ClusterState(hostViews, vmViews, moves, List.of(), migrations, powerMemory);
  }

  /** Begins what a plan says, as the executor does. */
  void begin(Action action) {
    log.accept(summary(action));
    switch (action) {
      case Action.Move move -> {
        Vm vm = Scripts.of(vms, move.vm());
        vm.move =
            Optional.of(
                new Move(
                    vm.host,
                    Scripts.of(hosts, move.to()),
                    now,
                    now + between(conditions.leastMoveSeconds(), conditions.mostMoveSeconds()),
                    random.nextDouble() < conditions.failedMoves()));
      }
      case Action.Standby standby -> {
        Host host = Scripts.of(hosts, standby.host());
        if (host.power == HostPower.ON) {
          host.power = HostPower.DRAINING;
        } else if (Double.isInfinite(host.powerChangesAt)) {
          host.powerChangesAt = now + between(2, 5);
        }
      }
      case Action.Wake wake -> {
        Host host = Scripts.of(hosts, wake.host());
        if (host.power == HostPower.DRAINING && Double.isInfinite(host.powerChangesAt)) {
          host.power = HostPower.ON;
        } else if (host.power == HostPower.STANDBY) {
          host.power = HostPower.WAKING;
          host.wokenAt = now;
          host.powerChangesAt =
              now + between(conditions.leastBootSeconds(), conditions.mostBootSeconds());
        }
      }
      case Action.StartVm start ->
          throw new IllegalStateException("nothing is to be started here, but " + start.vm());
    }
  }

  private double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  private static String summary(Action action) {
    String what =
        switch (action) {
          case Action.Move move ->
              "MOVE %s %s -> %s (%s)".formatted(move.vm(), move.from(), move.to(), move.purpose());
          case Action.Standby standby -> "STANDBY " + standby.host();
          case Action.Wake wake -> "WAKE " + wake.host();
          case Action.StartVm start -> "START " + start.vm();
        };
    return what + ": " + action.explanation().summary();
  }
}
