package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster made from a seed, with everything that may come up in one, and its own arithmetic. */
final class RandomCluster {
  private static final Instant NOW = Cluster.NOW;

  private final Random random;
  private final Policy policy;
  private final ClusterState state;

  RandomCluster(long seed) {
    random = new Random(seed);
    policy = anyPolicy();
    List<HostView> hosts = new ArrayList<>();
    int hostCount = 2 + random.nextInt(6);
    boolean calm = random.nextBoolean();
    for (int h = 0; h < hostCount; h++) {
      hosts.add(anyHost("h" + h, calm));
    }
    List<VmView> vms = new ArrayList<>();
    List<MoveInFlight> moves = new ArrayList<>();
    int vmCount = random.nextInt(1 + hostCount * (calm ? 3 : 6));
    for (int v = 0; v < vmCount; v++) {
      VmView vm = anyVm("v" + v, hosts, calm);
      vms.add(vm);
      if (vm.condition() == VmCondition.MOVING) {
        String to = "h" + random.nextInt(hostCount);
        if (!to.equals(vm.host().orElseThrow())) {
          moves.add(new MoveInFlight(vm.id(), vm.host().get(), to));
        }
      }
    }
    state =
        new ClusterState(
            hosts, vms, moves, anyRules(vms, hosts), MigrationModel.fresh(), anyMemory());
  }

  ClusterState state() {
    return state;
  }

  Policy policy() {
    return policy;
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private <T> T any(T[] all) {
    return List.of(all).get(random.nextInt(all.length));
  }

  private Policy anyPolicy() {
    Policy p = Policies.powered(Policy.production(), chance(0.8), 1 + random.nextInt(2));
    p = Policies.failover(p, chance(0.3) ? 1 : 0);
    p = Policies.mode(p, chance(0.8) ? Mode.AUTOMATIC : any(Mode.values()));
    return Policies.concurrent(p, 1 + random.nextInt(8), 1 + random.nextInt(3));
  }

  private HostView anyHost(String id, boolean calm) {
    HostPower power = chance(calm ? 0.9 : 0.75) ? HostPower.ON : any(HostPower.values());
    boolean on = power == HostPower.ON || power == HostPower.DRAINING;
    return new HostView(
        id,
        1 + random.nextInt(8),
        (long) (4 + random.nextInt(28)) << 30,
        new Platform(chance(0.9) ? "kvm" : "tcg", "", ""),
        power,
        on && chance(0.97),
        chance(0.06),
        chance(0.2) ? Optional.of("it stores replicas") : Optional.empty(),
        Duration.ofSeconds(20 + random.nextInt(200)),
        (16 + random.nextInt(200)) << 20);
  }

  private VmView anyVm(String id, List<HostView> hosts, boolean calm) {
    HostView host = hosts.get(random.nextInt(hosts.size()));
    boolean awake = host.power() == HostPower.ON || host.power() == HostPower.DRAINING;
    VmCondition condition =
        !awake || chance(0.05)
            ? VmCondition.UNPLACED
            : chance(0.85) ? VmCondition.RUNNING : any(VmCondition.values());
    boolean placed = condition != VmCondition.UNPLACED;
    int vcpus = 1 + random.nextInt(4);
    return new VmView(
        id,
        placed ? Optional.of(host.id()) : Optional.empty(),
        condition,
        anyForecast(vcpus, calm),
        vcpus,
        chance(0.2) ? random.nextDouble() : 0,
        (long) (1 + random.nextInt(8)) << 29,
        chance(0.3) ? random.nextInt(60) << 20 : 0,
        chance(0.3) ? new Platform("kvm", "", "") : Platform.ANY,
        chance(0.9) ? Mode.AUTOMATIC : any(Mode.values()),
        chance(0.2) ? Optional.of(NOW.minusSeconds(random.nextInt(1200))) : Optional.empty(),
        chance(0.03) ? Optional.of("uses a device of its host") : Optional.empty());
  }

  private Forecast anyForecast(int vcpus, boolean calm) {
    if (chance(0.05)) {
      return Forecast.unknown(NOW, 0.3);
    }
    int n = 5 + random.nextInt(120);
    long[] times = new long[n];
    double[] values = new double[n];
    double level = vcpus * random.nextDouble() * (calm ? 0.15 : 0.7);
    double slope = chance(0.15) ? vcpus * 0.004 * random.nextDouble() : 0;
    double noise = level * 0.2 * random.nextDouble();
    for (int i = 0; i < n; i++) {
      times[i] = NOW.toEpochMilli() - 5000L * (n - 1 - i);
      double spike = chance(0.02) ? vcpus : 0;
      values[i] = Math.max(0, level + slope * i + noise * random.nextGaussian() + spike);
    }
    return new Forecaster(ForecastSettings.production())
        .forecast(Samples.of(times, values), NOW, 0);
  }

  private List<PlacementRule> anyRules(List<VmView> vms, List<HostView> hosts) {
    List<PlacementRule> rules = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4) && vms.size() >= 3; i++) {
      Set<String> some = new HashSet<>();
      while (some.size() < 2) {
        some.add("v" + random.nextInt(vms.size()));
      }
      Set<String> places = Set.of("h" + random.nextInt(hosts.size()));
      rules.add(
          switch (random.nextInt(4)) {
            case 0 -> new PlacementRule.Apart(some);
            case 1 -> new PlacementRule.Together(some);
            case 2 -> new PlacementRule.OnlyOn(some, places);
            default -> new PlacementRule.NeverOn(some, places);
          });
    }
    return rules;
  }

  private PowerMemory anyMemory() {
    return new PowerMemory(
        chance(0.6) ? Optional.of(NOW.minusSeconds(random.nextInt(40_000))) : Optional.empty(),
        chance(0.4) ? Optional.of(NOW.minusSeconds(random.nextInt(600))) : Optional.empty(),
        Optional.empty(),
        chance(0.1) ? Optional.of(NOW.minusSeconds(random.nextInt(3600))) : Optional.empty(),
        List.of());
  }

  /** Machines that are on the host now or on their way to it. */
  Set<String> presentOn(String host) {
    Set<String> there = new HashSet<>();
    for (VmView vm : state.vms()) {
      if (vm.takesRoom() && vm.host().orElse("").equals(host)) {
        there.add(vm.id());
      }
    }
    for (MoveInFlight move : state.moves()) {
      if (move.to().equals(host)) {
        there.add(move.vm());
      }
    }
    return there;
  }

  /** Where machines are once everything under way and in the plan is over; absent: nowhere. */
  Map<String, String> placesAfter(Plan plan) {
    Map<String, String> places = new HashMap<>();
    for (VmView vm : state.vms()) {
      if (vm.takesRoom()) {
        places.put(vm.id(), vm.host().orElseThrow());
      }
    }
    state.moves().forEach(move -> places.put(move.vm(), move.to()));
    for (Action action : plan.actions()) {
      if (action instanceof Action.Move move && !move.needsApproval()) {
        places.put(move.vm(), move.to());
      } else if (action instanceof Action.StartVm start) {
        places.put(start.vm(), start.host());
      }
    }
    return places;
  }

  /** On the host now and not moved in this plan, or there when it is over. */
  boolean isOn(String vm, @Nullable String host, Map<String, String> after) {
    return host != null && host.equals(after.get(vm));
  }

  boolean inMaintenance(@Nullable String host) {
    return host != null && state.host(host).map(HostView::maintenance).orElse(false);
  }

  /** The load of these machines on one host, at the policy's quantile. */
  double load(Set<String> vms) {
    double sum = 0;
    double squares = 0;
    for (String id : vms) {
      VmView vm = state.vm(id).orElseThrow();
      double middle = level(vm);
      double high =
          vm.cpu().known()
              ? Math.min(
                  vm.vcpus(),
                  vm.cpu().inPhaseQuantile(policy.demandQuantile(), policy.moves().horizon()))
              : middle;
      sum += middle;
      squares += (high - middle) * (high - middle);
    }
    return sum + Math.sqrt(squares);
  }

  private double level(VmView vm) {
    return vm.cpu().known()
        ? Math.min(vm.vcpus(), vm.cpu().inPhaseQuantile(0.5, policy.moves().horizon()))
        : Math.min(vm.vcpus(), policy.newVmCoresPerVcpu() * vm.vcpus());
  }

  long memory(Set<String> vms) {
    return vms.stream().mapToLong(id -> state.vm(id).orElseThrow().memoryBytes()).sum();
  }

  double reserved(Set<String> vms) {
    return vms.stream().mapToDouble(id -> state.vm(id).orElseThrow().reservedCores()).sum();
  }

  /** Cores missing when the largest of these hosts fail; not above zero when nothing is missing. */
  double missingAfterFailures(List<HostView> hosts) {
    if (policy.failoverHosts() == 0) {
      return -1;
    }
    double room =
        hosts.stream()
            .map(HostView::cpuCores)
            .sorted()
            .limit(Math.max(0, hosts.size() - policy.failoverHosts()))
            .mapToDouble(cores -> cores * policy.targetShare())
            .sum();
    double needed =
        state.vms().stream()
            .filter(vm -> vm.takesRoom() && state.host(vm.host().orElseThrow()).isPresent())
            .mapToDouble(this::level)
            .sum();
    return needed - room - 1e-6;
  }
}
