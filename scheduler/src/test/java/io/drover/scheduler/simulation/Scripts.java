package io.drover.scheduler.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * Load scripts for a small fleet, made from a seed: what each machine demands in each phase.
 *
 * <p>A phase's loads depend on where the machines are when it begins, since an overload needs
 * machines that share a host. They never ask for what four hosts could not serve.
 */
final class Scripts {
  static final double HOST = 0.40;
  static final int HOSTS = 4;
  static final double RAMP_SECONDS = 75;
  static final double RAMP_AFTER = 3;
  private static final double IDLE = 0.19;
  private static final double SPIKE_AFTER = 8;

  /** A part of the script, in the order in which the demo may have them. */
  enum Phase {
    CALM,
    OVERLOAD,
    GLITCH,
    QUIET,
    RISE
  }

  /** Loads of a phase in cores by seconds since its start, and the host or machine it is about. */
  record Loads(Map<String, DoubleUnaryOperator> shapes, String subject) {
    double at(String vm, double seconds) {
      DoubleUnaryOperator shape = shapes.get(vm);
      return shape == null ? 0 : shape.applyAsDouble(Math.max(0, seconds));
    }
  }

  private final long seed;
  private final double sampleSeconds;
  final List<String> machines;
  final List<Phase> phases;

  Scripts(long seed, int machineCount, double sampleSeconds) {
    this.seed = seed;
    this.sampleSeconds = sampleSeconds;
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= machineCount; i++) {
      names.add("vm" + i);
    }
    machines = List.copyOf(names);
    phases =
        random("order").nextBoolean()
            ? List.of(Phase.CALM, Phase.OVERLOAD, Phase.CALM, Phase.GLITCH, Phase.QUIET, Phase.RISE)
            : List.of(Phase.CALM, Phase.GLITCH, Phase.OVERLOAD, Phase.QUIET, Phase.RISE);
  }

  static String host(int index) {
    return "host" + (index + 1);
  }

  Map<String, String> startingHosts() {
    List<String> places = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (int h = 0; h < HOSTS; h++) {
      order.add(host(h));
    }
    Random random = random("places");
    Collections.shuffle(order, random);
    while (places.size() < machines.size()) {
      places.addAll(order.subList(0, Math.min(HOSTS, machines.size() - places.size())));
    }
    TreeMap<String, String> starting = new TreeMap<>();
    for (int i = 0; i < machines.size(); i++) {
      starting.put(machines.get(i), places.get(i));
    }
    return starting;
  }

  Loads loads(Phase phase, Map<String, String> placement) {
    return switch (phase) {
      case CALM -> constant(calm(placement), "");
      case OVERLOAD -> overload(placement);
      case GLITCH -> glitch(placement);
      case QUIET -> constant(quiet(), "");
      case RISE -> rise();
    };
  }

  private Map<String, Double> calm(Map<String, String> placement) {
    Random random = random("calm");
    TreeMap<String, Double> levels = new TreeMap<>();
    byHost(placement)
        .forEach((host, guests) -> {
          double total = 0.58 + 0.06 * (random.nextDouble() - 0.5);
          double tilt = 0.06 * (random.nextDouble() - 0.5);
          for (int i = 0; i < guests.size(); i++) {
            double own =
                total / guests.size() + (guests.size() == 1 ? 0 : i % 2 == 0 ? tilt : -tilt);
            levels.put(guests.get(i), HOST * Math.max(IDLE, own));
          }
        });
    return levels;
  }

  /** The machines of one host want more than it has; the smaller of them fits elsewhere. */
  private Loads overload(Map<String, String> placement) {
    Random random = random("overload");
    Map<String, List<String>> byHost = byHost(placement);
    boolean pairs = byHost.values().stream().anyMatch(guests -> guests.size() == 2);
    int most = byHost.values().stream().mapToInt(List::size).max().orElseThrow();
    List<String> candidates =
        byHost.entrySet().stream()
            .filter(e -> e.getValue().size() == (pairs ? 2 : most))
            .map(Map.Entry::getKey)
            .toList();
    String hot = candidates.get(random.nextInt(candidates.size()));
    TreeMap<String, Double> levels = new TreeMap<>();
    byHost.forEach((host, guests) -> {
      double own = Math.max(IDLE + 0.01, (guests.size() == 1 ? 0.28 : 0.4) / guests.size());
      guests.forEach(vm -> levels.put(vm, HOST * own));
    });
    List<String> guests = new ArrayList<>(byHost.getOrDefault(hot, List.of()));
    Collections.shuffle(guests, random);
    double small = 0.38 + 0.04 * random.nextDouble();
    double total = 1.12 + 0.06 * random.nextDouble();
    levels.put(guests.getFirst(), HOST * small);
    for (String vm : guests.subList(1, guests.size())) {
      levels.put(vm, HOST * (total - small) / (guests.size() - 1));
    }
    return constant(levels, hot);
  }

  /** One machine jumps for two samples, so high that its host would be overloaded by it. */
  private Loads glitch(Map<String, String> placement) {
    Random random = random("glitch");
    Map<String, Double> levels = calm(placement);
    String vm = machines.get(random.nextInt(machines.size()));
    double others = 0;
    for (String other : machines) {
      if (!other.equals(vm) && of(placement, other).equals(of(placement, vm))) {
        others += of(levels, other);
      }
    }
    double base = of(levels, vm);
    double peak = HOST * (1.2 + 0.1 * random.nextDouble()) - others;
    double second = peak - (peak - base) / 4;
    TreeMap<String, DoubleUnaryOperator> shapes = new TreeMap<>(constant(levels, vm).shapes());
    shapes.put(
        vm,
        t -> {
          double into = t - SPIKE_AFTER;
          return into < 0 || into >= 2 * sampleSeconds
              ? base
              : into < sampleSeconds ? peak : second;
        });
    return new Loads(shapes, vm);
  }

  private Map<String, Double> quiet() {
    Random random = random("quiet");
    TreeMap<String, Double> levels = new TreeMap<>();
    machines.forEach(vm -> levels.put(vm, HOST * (IDLE + 0.04 * random.nextDouble())));
    return levels;
  }

  /** From quiet to more than three hosts hold: two large machines, the others half as large. */
  private Loads rise() {
    Random random = random("rise");
    List<String> bySize = new ArrayList<>(machines);
    Collections.shuffle(bySize, random);
    Map<String, Double> from = quiet();
    TreeMap<String, DoubleUnaryOperator> shapes = new TreeMap<>();
    for (int i = 0; i < bySize.size(); i++) {
      double low = of(from, bySize.get(i));
      double top =
          HOST * (i < 2 ? 0.77 + 0.04 * random.nextDouble() : 0.38 + 0.03 * random.nextDouble());
      shapes.put(
          bySize.get(i),
          t -> low + (top - low) * Math.clamp((t - RAMP_AFTER) / RAMP_SECONDS, 0, 1));
    }
    return new Loads(shapes, "");
  }

  private static Loads constant(Map<String, Double> levels, String subject) {
    TreeMap<String, DoubleUnaryOperator> shapes = new TreeMap<>();
    levels.forEach((vm, level) -> shapes.put(vm, _ -> level));
    return new Loads(shapes, subject);
  }

  private static Map<String, List<String>> byHost(Map<String, String> placement) {
    TreeMap<String, List<String>> byHost = new TreeMap<>();
    new TreeMap<>(placement)
        .forEach((vm, host) -> byHost.computeIfAbsent(host, _ -> new ArrayList<>()).add(vm));
    return byHost;
  }

  /** The value of a key that must be there. */
  static <T> T of(Map<String, T> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  Random random(String purpose) {
    return new Random(seed * 1_000_003 + purpose.hashCode());
  }
}
