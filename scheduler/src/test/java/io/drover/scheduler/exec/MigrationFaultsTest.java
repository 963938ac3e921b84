package io.drover.scheduler.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.storage.disk.DiskId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves in a world in which anything dies, gets lost or comes late at any step.
 *
 * <p>Replay one seed with {@code -Ddrover.seed=N}; the number of seeds is {@code -Ddrover.seeds=N}.
 */
class MigrationFaultsTest {
  private static final String LIMITS =
      """
      drover.scheduler {
        plan-interval = 3s
        refresh-interval = 1s
        power.enabled = off
        execution { report-stale-after = 8s, host-lost-after = 25s, step-timeout = 12s,
          copy-timeout = 40s, retry-delay = 500ms, drain-timeout = 60s, wake-timeout = 60s }
      }
      drover.agent.supervision.check-interval = 1s
      """;

  @TempDir Path folder;
  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void whateverHappensOneCopyGoesOnAndNoIntentIsLeft() throws Exception {
    long one = Long.getLong("drover.seed", -1);
    int count = Integer.getInteger("drover.seeds", 150);
    if (one >= 0) {
      run(one, true);
      return;
    }
    for (long seed = 0; seed < count; seed++) {
      run(seed, false);
    }
    // A world in which nothing of this happens proves nothing.
    assertThat(outcomes.keySet()).contains("moved", "undone", "restarted");
  }

  @Test
  void theSameSeedGivesTheSameHistory() throws Exception {
    assertThat(run(11, false)).isEqualTo(run(11, false)).hasSizeGreaterThan(20);
  }

  @Test
  void withoutTroubleEveryMoveSucceeds() throws Exception {
    SimCluster cluster = cluster(1);
    SimCluster.Scheduler scheduler = cluster.addScheduler();
    awaitSettled(cluster);
    for (int i = 0; i < 6; i++) {
      String to = "h" + (1 + (i + 1) % 3);
      assertThat(cluster.world.runUntil(Duration.ofMinutes(1), scheduler::idle)).isTrue();
      // Time enough to do something about it that nobody asked for.
      cluster.world.runUntil(Duration.ofSeconds(i), () -> false);
      scheduler.migrate("vm1", to);
      assertThat(
              cluster.world.runUntil(
                  Duration.ofMinutes(2),
                  () ->
                      placement(cluster, "vm1").host().equals(Optional.of(to)) && settled(cluster)))
          .as(String.join("\n", cluster.world.log))
          .isTrue();
    }
    cluster.world.runUntil(Duration.ofMinutes(1), () -> false);
    assertThat(cluster.store.history).hasSize(6).allMatch(move -> move.outcome().equals("moved"));
    // It never had to boot again: its memory went with it.
    assertThat(running(cluster, "vm1").orElseThrow().lineage)
        .isEqualTo(
            cluster.machines.processes.stream()
                .filter(p -> p.id().value().equals("vm1"))
                .findFirst()
                .orElseThrow()
                .pid());
  }

  @Test
  void destinationThatDiesBeforeTheCommitCostsNoMemory() throws Exception {
    for (long seed = 0; seed < 25; seed++) {
      SimCluster cluster = cluster(seed);
      SimCluster.Scheduler scheduler = cluster.addScheduler();
      awaitSettled(cluster);
      // Until the scheduler knows that it runs.
      cluster.world.runUntil(Duration.ofSeconds(10), () -> false);
      SimVm source = running(cluster, "vm1").orElseThrow();
      cluster.machines.onCompleted = SimVm::crash;
      scheduler.migrate("vm1", "h3");
      assertThat(
              cluster.world.runUntil(
                  Duration.ofMinutes(2),
                  () -> !cluster.store.history.isEmpty() && settled(cluster)))
          .as("seed " + seed + "\n" + String.join("\n", cluster.world.log))
          .isTrue();
      assertThat(cluster.store.history)
          .as("seed " + seed + "\n" + String.join("\n", cluster.world.log))
          .singleElement()
          .matches(move -> move.outcome().equals("undone"));
      assertThat(running(cluster, "vm1")).as("seed " + seed).contains(source);
    }
  }

  private SimCluster cluster(long seed) throws Exception {
    SimCluster cluster = new SimCluster(seed, folder, LIMITS);
    cluster.addHost("h1");
    cluster.addHost("h2");
    cluster.addHost("h3");
    cluster.addVm("vm1", "h1");
    cluster.addVm("vm2", "h2");
    Invariants invariants = new Invariants(cluster);
    cluster.world.invariants = invariants::check;
    cluster.store.onPlaced = invariants::placed;
    return cluster;
  }

  private List<String> run(long seed, boolean print) throws Exception {
    SimCluster cluster = cluster(seed);
    try {
      cluster.addScheduler();
      awaitSettled(cluster);
      torment(cluster);
      heal(cluster);
      assertThat(cluster.world.runUntil(Duration.ofMinutes(20), () -> settled(cluster)))
          .as("settled in the end")
          .isTrue();
    } catch (Throwable failure) {
      throw new AssertionError(
          "seed "
              + seed
              + " (replay with -Ddrover.seed="
              + seed
              + "): "
              + failure.getMessage()
              + "\n"
              + String.join("\n", cluster.world.log),
          failure);
    }
    cluster.store.history.forEach(move -> outcomes.merge(move.outcome(), 1, Integer::sum));
    if (print) {
      cluster.world.log.forEach(System.out::println);
    }
    return cluster.world.log;
  }

  private static void awaitSettled(SimCluster cluster) {
    assertThat(cluster.world.runUntil(Duration.ofMinutes(2), () -> settled(cluster)))
        .as("machines started\n" + String.join("\n", cluster.world.log))
        .isTrue();
  }

  private static void torment(SimCluster cluster) {
    SimWorld world = cluster.world;
    world.trouble = world.random.nextInt(3) * 0.01;
    int rounds = 2 + world.random.nextInt(4);
    for (int i = 0; i < rounds; i++) {
      String vm = world.chance(0.7) ? "vm1" : "vm2";
      String to = "h" + (1 + world.random.nextInt(3));
      cluster.schedulers.stream()
          .filter(SimCluster.Scheduler::active)
          .forEach(scheduler -> scheduler.migrate(vm, to));
      int faults = world.random.nextInt(4);
      for (int f = 0; f < faults; f++) {
        world.runUntil(Duration.ofMillis(world.random.nextInt(12_000)), () -> false);
        fault(cluster);
      }
      world.runUntil(Duration.ofSeconds(world.random.nextInt(60)), () -> false);
    }
  }

  private static void fault(SimCluster cluster) {
    SimWorld world = cluster.world;
    SimCluster.Host host = cluster.host("h" + (1 + world.random.nextInt(3)));
    switch (world.random.nextInt(6)) {
      case 0, 1 -> {
        if (host.up()) {
          host.die();
          world.after(
              Duration.ofMillis(500 + world.random.nextInt(40_000)),
              () -> {
                if (!host.up()) {
                  host.start();
                }
              });
        }
      }
      case 2 -> {
        List<SimVm> alive = cluster.machines.processes.stream().filter(SimVm::alive).toList();
        if (!alive.isEmpty()) {
          alive.get(world.random.nextInt(alive.size())).crash();
        }
      }
      case 3 -> {
        // The old one dies, or goes on for a while without knowing that it is replaced.
        boolean dies = world.chance(0.5);
        cluster.schedulers.stream()
            .filter(SimCluster.Scheduler::active)
            .forEach(old -> {
              if (dies) {
                old.die();
              }
            });
        cluster.addScheduler();
      }
      case 4 -> {
        host.cutOff = true;
        world.note(host.name + " is cut off");
        world.after(
            Duration.ofMillis(500 + world.random.nextInt(60_000)),
            () -> {
              host.cutOff = false;
              world.note(host.name + " is reached again");
            });
      }
      default -> {
        List<SimCluster.Scheduler> active =
            cluster.schedulers.stream().filter(SimCluster.Scheduler::active).toList();
        if (!active.isEmpty()) {
          SimCluster.Scheduler scheduler = active.getLast();
          scheduler.cutOff = true;
          world.note(scheduler.name + " hears no agent");
          world.after(
              Duration.ofMillis(500 + world.random.nextInt(60_000)),
              () -> scheduler.cutOff = false);
        }
      }
    }
  }

  private static void heal(SimCluster cluster) {
    cluster.world.note("all trouble ends");
    cluster.world.trouble = 0;
    cluster
        .hosts
        .values()
        .forEach(host -> {
          host.cutOff = false;
          if (!host.up()) {
            host.start();
          }
        });
    cluster.schedulers.forEach(scheduler -> scheduler.cutOff = false);
    if (cluster.schedulers.stream().noneMatch(SimCluster.Scheduler::active)) {
      cluster.addScheduler();
    }
  }

  private static VmPlacement placement(SimCluster cluster, String vm) {
    return cluster.store.placement(vm);
  }

  private static Optional<SimVm> running(SimCluster cluster, String vm) {
    return cluster.machines.alive(vm).stream().filter(SimVm::runs).findFirst();
  }

  private static boolean settled(SimCluster cluster) {
    return cluster.store.intents.isEmpty()
        && cluster.store.specs.keySet().stream().allMatch(vm -> settled(cluster, vm));
  }

  /** One process in all, running where the placement says, with the disk its own. */
  private static boolean settled(SimCluster cluster, String vm) {
    List<SimVm> alive = cluster.machines.alive(vm);
    VmPlacement placement = placement(cluster, vm);
    return alive.size() == 1
        && alive.getFirst().runs()
        && placement.desired() == DesiredState.RUNNING
        && placement.host().equals(Optional.of(alive.getFirst().host()))
        && placement.placementEpoch() == alive.getFirst().placementEpoch()
        && Invariants.lease(cluster, vm).holder().equals(alive.getFirst().host());
  }

  /** What holds at every moment. */
  private static final class Invariants {
    private final SimCluster cluster;
    private final Map<String, Long> newestWriter = new HashMap<>();
    private final Map<Long, Long> progress = new HashMap<>();

    Invariants(SimCluster cluster) {
      this.cluster = cluster;
    }

    static SimMachines.Lease lease(SimCluster cluster, String vm) {
      return cluster.machines.lease(new DiskId("disk-" + vm));
    }

    /** Only a machine that does not run is given a new epoch on its host, to be started anew. */
    void placed(VmPlacement before, VmPlacement after) {
      boolean sameHost = before.host().isPresent() && before.host().equals(after.host());
      if (!sameHost || before.placementEpoch() == after.placementEpoch()) {
        return;
      }
      for (SimVm process : cluster.machines.alive(before.vm().value())) {
        if (process.runs()
            && process.placementEpoch() == before.placementEpoch()
            && before.host().equals(Optional.of(process.host()))) {
          throw new AssertionError("a machine that runs is to be started anew: " + after);
        }
      }
    }

    void check() {
      for (String vm : cluster.store.specs.keySet()) {
        check(vm);
      }
    }

    private void check(String vm) {
      List<SimVm> running = new ArrayList<>();
      for (SimVm process : cluster.machines.alive(vm)) {
        if (process.runs()) {
          running.add(process);
        }
      }
      String holder = lease(cluster, vm).holder();
      for (SimVm process : running) {
        if (process.host().equals(holder)) {
          writes(vm, process);
        }
      }
      long current = placement(cluster, vm).placementEpoch();
      long named = running.stream().filter(p -> p.placementEpoch() >= current).count();
      if (named > 1) {
        throw new AssertionError("two current copies of " + vm + " run");
      }
      if (running.stream().map(SimVm::host).distinct().count() != running.size()) {
        throw new AssertionError("two copies of " + vm + " run on one host");
      }
    }

    /** A copy that can write is never older than one that wrote before, nor is its memory. */
    private void writes(String vm, SimVm process) {
      long newest = newestWriter.getOrDefault(vm, 0L);
      if (process.placementEpoch() < newest) {
        throw new AssertionError(
            "a copy of %s with epoch %d can write though epoch %d has written"
                .formatted(vm, process.placementEpoch(), newest));
      }
      newestWriter.put(vm, process.placementEpoch());
      long seen = progress.getOrDefault(process.lineage, 0L);
      if (process.progress < seen) {
        throw new AssertionError(
            "the memory of %s went back from %d to %d".formatted(vm, seen, process.progress));
      }
      process.progress++;
      progress.put(process.lineage, process.progress);
    }
  }
}
