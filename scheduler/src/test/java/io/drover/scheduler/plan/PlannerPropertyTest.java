package io.drover.scheduler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What must hold of every plan, whatever the cluster looks like; checked without the planner's own
 * arithmetic. Replay one seed: {@code -Ddrover.seed=123}.
 */
class PlannerPropertyTest {
  private static final int SEEDS = 1000;
  private static final Map<Long, RandomCluster> CLUSTERS = new ConcurrentHashMap<>();
  private static final Map<Long, Plan> PLANS = new ConcurrentHashMap<>();

  private static LongStream seeds() {
    Long one = Long.getLong("drover.seed");
    return one != null ? LongStream.of(one) : LongStream.rangeClosed(1, SEEDS);
  }

  private static RandomCluster cluster(long seed) {
    return CLUSTERS.computeIfAbsent(seed, RandomCluster::new);
  }

  private static Plan plan(long seed) {
    return PLANS.computeIfAbsent(seed, PlannerPropertyTest::planAnew);
  }

  private static Plan planAnew(long seed) {
    RandomCluster cluster = cluster(seed);
    return Planner.plan(cluster.state(), cluster.policy(), Cluster.NOW);
  }

  private static List<Action.Move> moves(Plan plan) {
    List<Action.Move> moves = new ArrayList<>();
    for (Action action : plan.actions()) {
      if (action instanceof Action.Move move) {
        moves.add(move);
      }
    }
    return moves;
  }

  @Test
  void theSameStateGivesTheSamePlanInWhateverOrderItIsListed() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          ClusterState state = cluster.state();
          List<HostView> hosts = new ArrayList<>(state.hosts());
          List<VmView> vms = new ArrayList<>(state.vms());
          List<MoveInFlight> moves = new ArrayList<>(state.moves());
          Random random = new Random(seed);
          Collections.shuffle(hosts, random);
          Collections.shuffle(vms, random);
          Collections.shuffle(moves, random);
          ClusterState shuffled =
              new ClusterState(hosts, vms, moves, state.rules(), state.migrations(), state.power());
          assertThat(Planner.plan(shuffled, cluster.policy(), Cluster.NOW))
              .as("seed %d", seed)
              .isEqualTo(plan(seed));
        });
  }

  @Test
  void theCorpusIsWorthItsName() {
    Map<String, Integer> kinds = new TreeMap<>();
    seeds()
        .forEach(seed ->
            plan(seed)
                .actions()
                .forEach(action -> {
                  String kind =
                      action instanceof Action.Move move
                          ? move.purpose().name()
                          : action.getClass().getSimpleName();
                  kinds.merge(kind, 1, Integer::sum);
                }));
    if (Long.getLong("drover.seed") == null) {
      assertThat(kinds)
          .containsKeys(
              "RELIEVE_OVERLOAD",
              "EVACUATE",
              "CONSOLIDATE",
              "MEND_RULE",
              "Standby",
              "Wake",
              "StartVm");
      assertThat(kinds.values()).allMatch(count -> count >= 20);
    }
  }

  @Test
  void everyHostAndMachineHasItsReasonAndEveryActionItsExplanation() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Plan plan = plan(seed);
          assertThat(plan.hostReasons().keySet())
              .as("seed %d", seed)
              .isEqualTo(names(cluster.state().hosts().stream().map(HostView::id).toList()));
          assertThat(plan.vmReasons().keySet())
              .as("seed %d", seed)
              .isEqualTo(names(cluster.state().vms().stream().map(VmView::id).toList()));
          assertThat(plan.hostReasons().values()).noneMatch(String::isBlank);
          assertThat(plan.vmReasons().values()).noneMatch(String::isBlank);
          for (Action action : plan.actions()) {
            Explanation why = action.explanation();
            assertThat(why.summary()).as("seed %d, %s", seed, action).isNotBlank();
            assertThat(why.alternatives()).as("seed %d, %s", seed, action).isNotEmpty();
            assertThat(List.of(why.benefit(), why.cost(), why.risk()))
                .as("seed %d, %s", seed, action)
                .allMatch(sum -> sum >= 0 && !Double.isInfinite(sum));
            if (restsOnForecasts(cluster, action)) {
              assertThat(why.forecasts()).as("seed %d, %s", seed, action).isNotEmpty();
            }
            if (action instanceof Action.Move move) {
              if (move.purpose() == Action.Purpose.RELIEVE_OVERLOAD) {
                assertThat(why.benefit())
                    .as("seed %d, %s", seed, action)
                    .isGreaterThan(
                        cluster.policy().moves().leastGain() * (why.cost() + why.risk()));
              }
            }
          }
        });
  }

  @Test
  void noHostIsPromisedMoreThanItHas() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Plan plan = plan(seed);
          for (HostView host : cluster.state().hosts()) {
            Set<String> there = cluster.presentOn(host.id());
            boolean more = false;
            for (Action action : plan.actions()) {
              String to =
                  switch (action) {
                    case Action.Move move -> move.needsApproval() ? "" : move.to();
                    case Action.StartVm start -> start.host();
                    case Action.Standby _ -> "";
                    case Action.Wake _ -> "";
                  };
              if (to.equals(host.id())) {
                there.add(vmOf(action));
                more = true;
              }
            }
            if (more) {
              String where = "seed %d, %s".formatted(seed, host.id());
              assertThat(cluster.load(there)).as(where).isLessThanOrEqualTo(host.cpuCores() + 1e-6);
              assertThat(cluster.memory(there))
                  .as(where)
                  .isLessThanOrEqualTo(
                      (long) (host.memoryBytes() * cluster.policy().memoryShare()));
              assertThat(cluster.reserved(there))
                  .as(where)
                  .isLessThanOrEqualTo(host.cpuCores() + 1e-6);
            }
          }
        });
  }

  @Test
  void machinesGoOnlyWhereTheyMayRun() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Plan plan = plan(seed);
          Set<String> takenBack = new HashSet<>();
          for (Action action : plan.actions()) {
            if (action instanceof Action.Wake wake && !wake.needsApproval()) {
              takenBack.add(wake.host());
            }
          }
          for (Action action : plan.actions()) {
            String to =
                switch (action) {
                  case Action.Move move -> move.to();
                  case Action.StartVm start -> start.host();
                  case Action.Standby _ -> "";
                  case Action.Wake _ -> "";
                };
            if (to.isEmpty()) {
              continue;
            }
            HostView host = cluster.state().host(to).orElseThrow();
            boolean back = takenBack.contains(to) && host.power() == HostPower.DRAINING;
            assertThat(host.power() == HostPower.ON || back)
                .as("seed %d, %s", seed, action)
                .isTrue();
            assertThat(host.reachable()).as("seed %d, %s", seed, action).isTrue();
            assertThat(host.maintenance()).as("seed %d, %s", seed, action).isFalse();
            VmView vm = cluster.state().vm(vmOf(action)).orElseThrow();
            assertThat(vm.platform().conflictWith(host.platform()))
                .as("seed %d, %s", seed, action)
                .isEmpty();
          }
        });
  }

  @Test
  void onlyMachinesThatMayBeMovedAreMovedAndEachOnce() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Set<String> seen = new HashSet<>();
          for (Action.Move move : moves(plan(seed))) {
            VmView vm = cluster.state().vm(move.vm()).orElseThrow();
            assertThat(seen.add(move.vm())).as("seed %d, %s", seed, move).isTrue();
            assertThat(vm.condition()).as("seed %d, %s", seed, move).isEqualTo(VmCondition.RUNNING);
            assertThat(vm.moveBlocker()).as("seed %d, %s", seed, move).isEmpty();
            assertThat(vm.mode()).as("seed %d, %s", seed, move).isNotEqualTo(Mode.OFF);
            assertThat(vm.host()).as("seed %d, %s", seed, move).contains(move.from());
            assertThat(move.to()).as("seed %d, %s", seed, move).isNotEqualTo(move.from());
            boolean asks =
                vm.mode() == Mode.RECOMMEND
                    || (cluster.policy().mode() == Mode.RECOMMEND
                        && move.purpose() != Action.Purpose.EVACUATE);
            assertThat(move.needsApproval()).as("seed %d, %s", seed, move).isEqualTo(asks);
          }
        });
  }

  @Test
  void noMoveBreaksAnOperatorsRule() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Plan plan = plan(seed);
          Map<String, String> after = cluster.placesAfter(plan);
          for (Action action : plan.actions()) {
            String vm = vmOf(action);
            if (vm.isEmpty() || action.needsApproval()) {
              continue;
            }
            String to = after.get(vm);
            for (PlacementRule rule : cluster.state().rules()) {
              if (!rule.vms().contains(vm)) {
                continue;
              }
              String where = "seed %d, %s, %s".formatted(seed, action, rule);
              switch (rule) {
                case PlacementRule.Apart apart ->
                    assertThat(apart.vms())
                        .as(where)
                        .noneMatch(peer -> !peer.equals(vm) && cluster.isOn(peer, to, after));
                // Neighbours leave a host in maintenance one by one, so a peer may still be there.
                case PlacementRule.Together together ->
                    assertThat(together.vms())
                        .as(where)
                        .allMatch(peer ->
                            after.get(peer) == null
                                || after.get(peer).equals(to)
                                || cluster.inMaintenance(after.get(peer)));
                case PlacementRule.OnlyOn only -> assertThat(only.hosts()).as(where).contains(to);
                case PlacementRule.NeverOn never ->
                    assertThat(never.hosts()).as(where).doesNotContain(to);
              }
            }
          }
        });
  }

  @Test
  void limitsOnMovesAtOneTimeAreKept() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Map<String, Integer> touching = new TreeMap<>();
          int all = 0;
          for (MoveInFlight move : cluster.state().moves()) {
            all++;
            touching.merge(move.from(), 1, Integer::sum);
            touching.merge(move.to(), 1, Integer::sum);
          }
          Policy.Moves limits = cluster.policy().moves();
          for (Action.Move move : moves(plan(seed))) {
            if (move.needsApproval()) {
              continue;
            }
            all++;
            assertThat(all).as("seed %d", seed).isLessThanOrEqualTo(limits.maxConcurrent());
            for (String host : List.of(move.from(), move.to())) {
              assertThat(touching.merge(host, 1, Integer::sum))
                  .as("seed %d, %s", seed, host)
                  .isLessThanOrEqualTo(limits.maxConcurrentPerHost());
            }
          }
        });
  }

  @Test
  void onlyHostsThatMaySleepAreSentToStandbyAndEnoughStayOn() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          Plan plan = plan(seed);
          int begun = 0;
          for (Action action : plan.actions()) {
            if (!(action instanceof Action.Standby standby)) {
              continue;
            }
            HostView host = cluster.state().host(standby.host()).orElseThrow();
            assertThat(host.sleepBlocker()).as("seed %d, %s", seed, standby).isEmpty();
            assertThat(host.maintenance()).as("seed %d, %s", seed, standby).isFalse();
            if (host.power() == HostPower.DRAINING) {
              assertThat(cluster.presentOn(host.id())).as("seed %d, %s", seed, standby).isEmpty();
              continue;
            }
            begun++;
            assertThat(host.power()).as("seed %d, %s", seed, standby).isEqualTo(HostPower.ON);
            List<HostView> left =
                cluster.state().hosts().stream()
                    .filter(other -> !other.id().equals(host.id()))
                    .filter(other -> other.takesMachines() || other.power() == HostPower.WAKING)
                    .toList();
            assertThat(left).hasSizeGreaterThanOrEqualTo(cluster.policy().power().minimumOn());
            assertThat(cluster.missingAfterFailures(left))
                .as("seed %d, %s", seed, standby)
                .isNegative();
          }
          assertThat(begun).as("seed %d", seed).isLessThanOrEqualTo(1);
        });
  }

  @Test
  void wakesOnlyHostsThatSleepOrDrainAndAreNotInMaintenance() {
    seeds()
        .forEach(seed -> {
          RandomCluster cluster = cluster(seed);
          for (Action action : plan(seed).actions()) {
            if (action instanceof Action.Wake wake) {
              HostView host = cluster.state().host(wake.host()).orElseThrow();
              assertThat(host.power())
                  .as("seed %d, %s", seed, wake)
                  .isIn(HostPower.STANDBY, HostPower.DRAINING);
              assertThat(host.maintenance()).as("seed %d, %s", seed, wake).isFalse();
            }
          }
        });
  }

  /** All but the end of a standby: switching an empty host off, or taking one back. */
  private static boolean restsOnForecasts(RandomCluster cluster, Action action) {
    return switch (action) {
      case Action.Move _, Action.StartVm _ -> true;
      case Action.Standby standby -> !drains(cluster, standby.host());
      case Action.Wake wake -> !drains(cluster, wake.host());
    };
  }

  private static boolean drains(RandomCluster cluster, String host) {
    return cluster.state().host(host).orElseThrow().power() == HostPower.DRAINING;
  }

  private static String vmOf(Action action) {
    return switch (action) {
      case Action.Move move -> move.vm();
      case Action.StartVm start -> start.vm();
      case Action.Standby _ -> "";
      case Action.Wake _ -> "";
    };
  }

  private static Set<String> names(List<String> ids) {
    return new HashSet<>(ids);
  }
}
