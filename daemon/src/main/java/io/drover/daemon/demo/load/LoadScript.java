package io.drover.daemon.demo.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The demo's loads for one seed: which machines there are, where they start, in which order the
 * phases come, and what each machine demands in them.
 *
 * <p>A phase's loads also depend on where the machines are when it begins, since an overload needs
 * machines that share a host. Shares below are of one host's CPU.
 */
public final class LoadScript {
  private static final List<String> NAMES =
      List.of("web", "mail", "shop", "batch", "cache", "queue", "wiki", "build", "index", "media");
  private static final int MACHINES = 6;

  /** An idle guest's own work: heartbeats and the disk. */
  private static final double IDLE = 0.19;

  private static final double CALM_HOST = 0.58;
  private static final Duration SPIKE_AFTER = Duration.ofSeconds(8);
  private static final Duration RAMP_AFTER = Duration.ofSeconds(3);
  private static final Duration RAMP = Duration.ofSeconds(75);

  private final long seed;
  private final FleetShape fleet;
  private final List<String> machines;
  private final List<PhaseKind> phases;

  public LoadScript(long seed, FleetShape fleet) {
    this.seed = seed;
    this.fleet = fleet;
    List<String> names = new ArrayList<>(NAMES);
    Collections.shuffle(names, random("names"));
    this.machines = List.copyOf(names.subList(0, MACHINES).stream().sorted().toList());
    this.phases =
        random("order").nextBoolean()
            ? List.of(
                PhaseKind.CALM,
                PhaseKind.OVERLOAD,
                PhaseKind.CALM,
                PhaseKind.GLITCH,
                PhaseKind.QUIET,
                PhaseKind.RISE)
            : List.of(
                PhaseKind.CALM,
                PhaseKind.GLITCH,
                PhaseKind.OVERLOAD,
                PhaseKind.QUIET,
                PhaseKind.RISE);
  }

  public long seed() {
    return seed;
  }

  public FleetShape fleet() {
    return fleet;
  }

  /** Names of the machines, sorted. */
  public List<String> machines() {
    return machines;
  }

  public List<PhaseKind> phases() {
    return phases;
  }

  /** Where each machine starts: two on two of the hosts, one on the others. */
  public Map<String, String> startingHosts() {
    List<String> places = new ArrayList<>(fleet.hosts());
    List<String> doubled = new ArrayList<>(fleet.hosts());
    Random random = random("places");
    Collections.shuffle(doubled, random);
    places.addAll(doubled.subList(0, MACHINES - fleet.hosts().size()));
    Collections.shuffle(places, random);
    TreeMap<String, String> starting = new TreeMap<>();
    for (int i = 0; i < MACHINES; i++) {
      starting.put(machines.get(i), places.get(i));
    }
    return starting;
  }

  /** Loads of a phase that begins with the machines where {@code placement} says. */
  public PhaseLoads loads(PhaseKind kind, Map<String, String> placement) {
    return switch (kind) {
      case CALM -> still(kind, calm(placement));
      case OVERLOAD -> overload(placement);
      case GLITCH -> glitch(placement);
      case QUIET -> still(kind, quiet());
      case RISE -> rise();
    };
  }

  private static PhaseLoads still(PhaseKind kind, Map<String, Integer> levels) {
    return new PhaseLoads(kind, constant(levels), Optional.empty(), Duration.ZERO, Duration.ZERO);
  }

  /**
   * Each host's machines share one load, unevenly; none of them is idle where they are not many.
   */
  private Map<String, Integer> calm(Map<String, String> placement) {
    Random random = random("calm");
    TreeMap<String, Integer> levels = new TreeMap<>();
    byHost(placement)
        .forEach((host, guests) -> {
          double total = CALM_HOST + 0.06 * (random.nextDouble() - 0.5);
          double tilt = 0.06 * (random.nextDouble() - 0.5);
          for (int i = 0; i < guests.size(); i++) {
            double share =
                total / guests.size() + (guests.size() == 1 ? 0 : i % 2 == 0 ? tilt : -tilt);
            levels.put(guests.get(i), fleet.share(Math.max(IDLE, share)));
          }
        });
    return levels;
  }

  /** The machines of one host want more than it has; the smaller of them fits elsewhere. */
  private PhaseLoads overload(Map<String, String> placement) {
    Random random = random("overload");
    Map<String, List<String>> byHost = byHost(placement);
    List<String> candidates = hostsWithMost(byHost);
    String hot = candidates.get(random.nextInt(candidates.size()));
    TreeMap<String, Integer> levels = new TreeMap<>();
    byHost.forEach((host, guests) -> {
      if (!host.equals(hot)) {
        double share = Math.max(IDLE + 0.01, (guests.size() == 1 ? 0.28 : 0.4) / guests.size());
        guests.forEach(vm -> levels.put(vm, fleet.share(share)));
      }
    });
    List<String> guests = new ArrayList<>(byHost.getOrDefault(hot, List.of()));
    Collections.shuffle(guests, random);
    double small = 0.38 + 0.04 * random.nextDouble();
    double total = 1.12 + 0.06 * random.nextDouble();
    levels.put(guests.getFirst(), fleet.share(small));
    for (String vm : guests.subList(1, guests.size())) {
      levels.put(vm, fleet.share((total - small) / (guests.size() - 1)));
    }
    return new PhaseLoads(
        PhaseKind.OVERLOAD, constant(levels), Optional.of(hot), Duration.ZERO, Duration.ZERO);
  }

  /**
   * One machine jumps so high that its host would be overloaded if it stayed, and comes back before
   * it counts as a level.
   */
  private PhaseLoads glitch(Map<String, String> placement) {
    Random random = random("glitch");
    Map<String, Integer> levels = calm(placement);
    String vm = machines.get(random.nextInt(machines.size()));
    String host = placement.getOrDefault(vm, "");
    int others =
        machines.stream()
            .filter(other -> !other.equals(vm) && host.equals(placement.get(other)))
            .mapToInt(other -> levels.getOrDefault(other, 0))
            .sum();
    int peak = fleet.share(1.2 + 0.1 * random.nextDouble()) - others;
    Map<String, LoadShape> shapes = new TreeMap<>(constant(levels));
    int base = levels.getOrDefault(vm, fleet.share(IDLE));
    shapes.put(
        vm,
        LoadShape.spike(
            base, SPIKE_AFTER, List.of(peak, peak - (peak - base) / 4), fleet.sampleInterval()));
    return new PhaseLoads(
        PhaseKind.GLITCH,
        shapes,
        Optional.of(vm),
        SPIKE_AFTER,
        SPIKE_AFTER.plus(fleet.sampleInterval().multipliedBy(2)));
  }

  private Map<String, Integer> quiet() {
    Random random = random("quiet");
    TreeMap<String, Integer> levels = new TreeMap<>();
    machines.forEach(vm -> levels.put(vm, fleet.share(IDLE + 0.04 * random.nextDouble())));
    return levels;
  }

  /**
   * From quiet to more than three hosts hold: two large machines and four that fit beside each
   * other.
   */
  private PhaseLoads rise() {
    Random random = random("rise");
    List<String> bySize = new ArrayList<>(machines);
    Collections.shuffle(bySize, random);
    Map<String, Integer> from = quiet();
    TreeMap<String, LoadShape> shapes = new TreeMap<>();
    for (int i = 0; i < bySize.size(); i++) {
      String vm = bySize.get(i);
      int low = from.getOrDefault(vm, 0);
      int top =
          fleet.share(
              i < 2 ? 0.77 + 0.04 * random.nextDouble() : 0.38 + 0.03 * random.nextDouble());
      shapes.put(
          vm,
          new LoadShape(
              List.of(
                  new LoadShape.Piece(RAMP_AFTER, low, low), new LoadShape.Piece(RAMP, low, top))));
    }
    return new PhaseLoads(
        PhaseKind.RISE, shapes, Optional.empty(), RAMP_AFTER, RAMP_AFTER.plus(RAMP));
  }

  private static Map<String, LoadShape> constant(Map<String, Integer> levels) {
    TreeMap<String, LoadShape> shapes = new TreeMap<>();
    levels.forEach((vm, level) -> shapes.put(vm, LoadShape.constant(level)));
    return shapes;
  }

  /**
   * Hosts with two machines, since of these one is easily moved; failing that, those with the most.
   */
  private static List<String> hostsWithMost(Map<String, List<String>> byHost) {
    int most = byHost.values().stream().mapToInt(List::size).max().orElseThrow();
    boolean pairs = byHost.values().stream().anyMatch(guests -> guests.size() == 2);
    return byHost.entrySet().stream()
        .filter(entry -> entry.getValue().size() == (pairs ? 2 : most))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, List<String>> byHost(Map<String, String> placement) {
    TreeMap<String, List<String>> byHost = new TreeMap<>();
    new TreeMap<>(placement)
        .forEach((vm, host) -> byHost.computeIfAbsent(host, h -> new ArrayList<>()).add(vm));
    return byHost;
  }

  /** Independent sequences, so that a change in one phase leaves the others as they were. */
  private Random random(String purpose) {
    return new Random(seed * 1_000_003 + purpose.hashCode());
  }
}
