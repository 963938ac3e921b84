package io.drover.daemon.demo.load;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every machine demands during one phase.
 *
 * @param subject the machine or host that the phase is about: the overloaded host, the machine with
 *     the glitch
 * @param action when what the phase is named after begins, since its start
 * @param actionEnd when it has reached its end: the glitch is over, the ramp is at its top
 */
public record PhaseLoads(
    PhaseKind kind,
    Map<String, LoadShape> shapes,
    Optional<String> subject,
    Duration action,
    Duration actionEnd) {
  public PhaseLoads {
    shapes = Map.copyOf(shapes);
  }

  /** Loads at a time since the phase's start, by machine. */
  public Map<String, Integer> at(Duration elapsed) {
    TreeMap<String, Integer> loads = new TreeMap<>();
    shapes.forEach((vm, shape) -> loads.put(vm, shape.at(elapsed)));
    return loads;
  }

  /** Sum of all loads at a time since the phase's start. */
  public int totalAt(Duration elapsed) {
    return at(elapsed).values().stream().mapToInt(Integer::intValue).sum();
  }
}
