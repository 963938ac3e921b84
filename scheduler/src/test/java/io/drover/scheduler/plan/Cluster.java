package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Forecast;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.power.PowerMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Builds the state of a small cluster for a test; everything not said is ordinary. */
final class Cluster {
  static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  private final TreeMap<String, HostView> hosts = new TreeMap<>();
  private final TreeMap<String, VmView> vms = new TreeMap<>();
  private final List<MoveInFlight> moves = new ArrayList<>();
  private final List<PlacementRule> rules = new ArrayList<>();
  private PowerMemory power = PowerMemory.fresh();

  /** A host that is on and may sleep. */
  Cluster host(String id, double cores) {
    hosts.put(
        id,
        new HostView(
            id,
            cores,
            64L << 30,
            Platform.ANY,
            HostPower.ON,
            true,
            false,
            Optional.empty(),
            Duration.ofSeconds(60),
            128 << 20));
    return this;
  }

  Cluster power(String id, HostPower to) {
    boolean reachable = to == HostPower.ON || to == HostPower.DRAINING;
    return host(
        id,
        h ->
            new HostView(
                h.id(),
                h.cpuCores(),
                h.memoryBytes(),
                h.platform(),
                to,
                reachable,
                h.maintenance(),
                h.sleepBlocker(),
                h.bootTime(),
                h.linkBytesPerSecond()));
  }

  Cluster maintenance(String id) {
    return host(
        id,
        h ->
            new HostView(
                h.id(),
                h.cpuCores(),
                h.memoryBytes(),
                h.platform(),
                h.power(),
                h.reachable(),
                true,
                h.sleepBlocker(),
                h.bootTime(),
                h.linkBytesPerSecond()));
  }

  Cluster unreachable(String id) {
    return host(
        id,
        h ->
            new HostView(
                h.id(),
                h.cpuCores(),
                h.memoryBytes(),
                h.platform(),
                h.power(),
                false,
                h.maintenance(),
                h.sleepBlocker(),
                h.bootTime(),
                h.linkBytesPerSecond()));
  }

  Cluster sleepless(String id, String why) {
    return host(
        id,
        h ->
            new HostView(
                h.id(),
                h.cpuCores(),
                h.memoryBytes(),
                h.platform(),
                h.power(),
                h.reachable(),
                h.maintenance(),
                Optional.of(why),
                h.bootTime(),
                h.linkBytesPerSecond()));
  }

  Cluster host(String id, UnaryOperator<HostView> change) {
    hosts.put(id, change.apply(Objects.requireNonNull(hosts.get(id), id)));
    return this;
  }

  /** A machine of one GiB that has run steadily for an hour. */
  Cluster vm(String id, String host, double cores) {
    return vm(id, host, Forecast.steady(NOW, NOW.minus(Duration.ofHours(1)), cores));
  }

  Cluster vm(String id, String host, Forecast cpu) {
    vms.put(
        id,
        new VmView(
            id,
            Optional.of(host),
            VmCondition.RUNNING,
            cpu,
            8,
            0,
            1L << 30,
            0,
            Platform.ANY,
            Mode.AUTOMATIC,
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  Cluster vm(String id, UnaryOperator<VmView> change) {
    vms.put(id, change.apply(Objects.requireNonNull(vms.get(id), id)));
    return this;
  }

  Cluster unplaced(String id, double cores) {
    vm(id, "", cores);
    return condition(id, Optional.empty(), VmCondition.UNPLACED);
  }

  Cluster condition(String id, VmCondition to) {
    return condition(id, Objects.requireNonNull(vms.get(id), id).host(), to);
  }

  private Cluster condition(String id, Optional<String> host, VmCondition to) {
    return vm(
        id,
        v ->
            new VmView(
                v.id(),
                host,
                to,
                v.cpu(),
                v.vcpus(),
                v.reservedCores(),
                v.memoryBytes(),
                v.dirtyBytesPerSecond(),
                v.platform(),
                v.mode(),
                v.lastMoved(),
                v.moveBlocker()));
  }

  Cluster mode(String id, Mode to) {
    return vm(
        id,
        v ->
            new VmView(
                v.id(),
                v.host(),
                v.condition(),
                v.cpu(),
                v.vcpus(),
                v.reservedCores(),
                v.memoryBytes(),
                v.dirtyBytesPerSecond(),
                v.platform(),
                to,
                v.lastMoved(),
                v.moveBlocker()));
  }

  Cluster lastMoved(String id, Duration ago) {
    return vm(
        id,
        v ->
            new VmView(
                v.id(),
                v.host(),
                v.condition(),
                v.cpu(),
                v.vcpus(),
                v.reservedCores(),
                v.memoryBytes(),
                v.dirtyBytesPerSecond(),
                v.platform(),
                v.mode(),
                Optional.of(NOW.minus(ago)),
                v.moveBlocker()));
  }

  Cluster shape(String id, long memoryBytes, double reservedCores, double dirtyBytesPerSecond) {
    return vm(
        id,
        v ->
            new VmView(
                v.id(),
                v.host(),
                v.condition(),
                v.cpu(),
                v.vcpus(),
                reservedCores,
                memoryBytes,
                dirtyBytesPerSecond,
                v.platform(),
                v.mode(),
                v.lastMoved(),
                v.moveBlocker()));
  }

  Cluster moving(String id, String to) {
    condition(id, VmCondition.MOVING);
    String from = Objects.requireNonNull(vms.get(id), id).host().orElseThrow();
    moves.add(new MoveInFlight(id, from, to));
    return this;
  }

  Cluster rule(PlacementRule rule) {
    rules.add(rule);
    return this;
  }

  Cluster remembering(PowerMemory memory) {
    power = memory;
    return this;
  }

  ClusterState state() {
    return new ClusterState(
        List.copyOf(hosts.values()),
        List.copyOf(vms.values()),
        moves,
        rules,
        MigrationModel.fresh(),
        power);
  }

  Plan plan(Policy policy) {
    return Planner.plan(state(), policy, NOW);
  }

  /** Plans by {@link Policies#plain}. */
  Plan plan() {
    return plan(Policies.plain());
  }
}
