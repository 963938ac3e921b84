package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The working model of one planning run: who is where, and what that loads.
 *
 * <p>Two sums are kept per host. The <em>steady</em> one has every machine where it will be when
 * all moves, under way and planned, are over. The <em>peak</em> one has a moving machine on both
 * ends, which is what has to fit meanwhile. Loads are the sum of the middles plus the root of the
 * summed squares of the spreads, as if the machines varied independently of each other.
 */
final class Fleet {
  static final int NOWHERE = -1;

  final ClusterState state;
  final Policy policy;
  final List<HostView> hosts;
  final List<VmView> vms;

  /** Whether a host may be given machines in this run; a what-if question may change it. */
  final boolean[] takes;

  private final int[] place;
  private final double[] level;
  private final double[] spread;
  private final Tally steady;
  private final Tally peak;
  private final List<Set<Integer>> members = new ArrayList<>();
  private final Map<String, Integer> hostIndex = new HashMap<>();
  private final Map<String, Integer> vmIndex = new HashMap<>();
  private final Map<String, List<PlacementRule>> rulesOf = new HashMap<>();

  /** Sums per host. */
  private static final class Tally {
    final double[] level;
    final double[] squares;
    final double[] reserved;
    final long[] memory;
    final int[] count;

    Tally(int hosts) {
      level = new double[hosts];
      squares = new double[hosts];
      reserved = new double[hosts];
      memory = new long[hosts];
      count = new int[hosts];
    }
  }

  /**
   * The fleet as its forecasts have it {@code ahead} from now.
   *
   * @param growth factor on every demand, for a rise of the whole fleet that no single forecast
   *     shows
   */
  Fleet(ClusterState state, Policy policy, Duration ahead, double growth) {
    this.state = state;
    this.policy = policy;
    hosts = state.hosts();
    vms = state.vms();
    takes = new boolean[hosts.size()];
    place = new int[vms.size()];
    level = new double[vms.size()];
    spread = new double[vms.size()];
    steady = new Tally(hosts.size());
    peak = new Tally(hosts.size());
    for (int h = 0; h < hosts.size(); h++) {
      hostIndex.put(hosts.get(h).id(), h);
      takes[h] = hosts.get(h).takesMachines();
      members.add(new TreeSet<>());
    }
    for (PlacementRule rule : state.rules()) {
      for (String vm : rule.vms()) {
        rulesOf.computeIfAbsent(vm, _ -> new ArrayList<>()).add(rule);
      }
    }
    for (int v = 0; v < vms.size(); v++) {
      VmView vm = vms.get(v);
      vmIndex.put(vm.id(), v);
      expect(v, vm, ahead, growth);
      place[v] = vm.takesRoom() ? indexOf(vm.host().orElseThrow()) : NOWHERE;
      if (place[v] != NOWHERE) {
        settle(v, place[v]);
      }
    }
    for (MoveInFlight move : state.moves()) {
      int v = vmIndex.getOrDefault(move.vm(), NOWHERE);
      int to = indexOf(move.to());
      if (v != NOWHERE && to != NOWHERE && place[v] != NOWHERE && place[v] != to) {
        move(v, to);
      }
    }
  }

  private void expect(int v, VmView vm, Duration ahead, double growth) {
    double most = vm.vcpus();
    if (!vm.cpu().known()) {
      level[v] = Math.min(most, policy.newVmCoresPerVcpu() * vm.vcpus());
      return;
    }
    double middle = Math.min(most, vm.cpu().inPhaseQuantile(0.5, ahead) * growth);
    double high = Math.min(most, vm.cpu().inPhaseQuantile(policy.demandQuantile(), ahead) * growth);
    level[v] = middle;
    spread[v] = Math.max(0, high - middle);
  }

  /** Index of a host; {@link #NOWHERE} when the cluster does not know it. */
  int indexOf(String host) {
    return hostIndex.getOrDefault(host, NOWHERE);
  }

  int vmIndexOf(String vm) {
    return vmIndex.getOrDefault(vm, NOWHERE);
  }

  List<PlacementRule> rulesOf(int v) {
    return rulesOf.getOrDefault(vms.get(v).id(), List.of());
  }

  /** Where the machine will be when all moves are over. */
  int placeOf(int v) {
    return place[v];
  }

  /** Machines that will be on the host when all moves are over, in order of their names. */
  List<Integer> membersOf(int h) {
    return List.copyOf(members.get(h));
  }

  double level(int v) {
    return level[v];
  }

  double spread(int v) {
    return spread[v];
  }

  double capacity(int h) {
    return hosts.get(h).cpuCores();
  }

  double target(int h) {
    return policy.targetShare() * capacity(h);
  }

  double load(int h) {
    return steady.level[h] + Math.sqrt(Math.max(0, steady.squares[h]));
  }

  double loadWithout(int h, int v) {
    return Math.max(0, steady.level[h] - level[v])
        + Math.sqrt(Math.max(0, steady.squares[h] - spread[v] * spread[v]));
  }

  double loadWith(int h, int v) {
    return steady.level[h] + level[v] + Math.sqrt(steady.squares[h] + spread[v] * spread[v]);
  }

  /** The most the host will carry, with moving machines counted on both ends. */
  double peakLoadWith(int h, int v) {
    return peak.level[h] + level[v] + Math.sqrt(peak.squares[h] + spread[v] * spread[v]);
  }

  /** Load above the host's target. */
  double excess(int h) {
    return Math.max(0, load(h) - target(h));
  }

  long peakMemory(int h) {
    return peak.memory[h];
  }

  double peakReserved(int h) {
    return peak.reserved[h];
  }

  /** Machines on the host, those on their way in or out included. */
  int peakCount(int h) {
    return peak.count[h];
  }

  /** Sum of the middles of all placed machines. */
  double totalLevel() {
    double sum = 0;
    for (double one : steady.level) {
      sum += one;
    }
    return sum;
  }

  /** Load of the whole fleet as if it were one host. */
  double totalLoad() {
    double squares = 0;
    for (double one : steady.squares) {
      squares += one;
    }
    return totalLevel() + Math.sqrt(squares);
  }

  /** Plans a start on the host. */
  void settle(int v, int h) {
    place[v] = h;
    members.get(h).add(v);
    add(steady, v, h, 1);
    add(peak, v, h, 1);
  }

  /** Plans a move: the old host keeps the room until the move is over. */
  void move(int v, int to) {
    members.get(place[v]).remove(v);
    add(steady, v, place[v], -1);
    members.get(to).add(v);
    add(steady, v, to, 1);
    add(peak, v, to, 1);
    place[v] = to;
  }

  /** Takes back the newest planned {@link #move} of the machine. */
  void undo(int v, int from) {
    int to = place[v];
    members.get(to).remove(v);
    add(steady, v, to, -1);
    add(peak, v, to, -1);
    members.get(from).add(v);
    add(steady, v, from, 1);
    place[v] = from;
  }

  private void add(Tally tally, int v, int h, int sign) {
    tally.level[h] += sign * level[v];
    tally.squares[h] += sign * spread[v] * spread[v];
    tally.reserved[h] += sign * vms.get(v).reservedCores();
    tally.memory[h] += sign * vms.get(v).memoryBytes();
    tally.count[h] += sign;
  }
}
