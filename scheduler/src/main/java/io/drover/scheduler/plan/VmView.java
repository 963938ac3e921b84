package io.drover.scheduler.plan;

import io.drover.predictor.forecast.Forecast;
import java.time.Instant;
import java.util.Optional;

/**
 * One virtual machine as the planner sees it.
 *
 * @param host where it runs or starts; while it moves, the source; empty when it has no place
 * @param cpu forecast of its CPU demand in cores; {@link Forecast#unknown} for one without samples
 * @param reservedCores room that is kept for it however little it demands
 * @param memoryBytes its whole memory, which has to fit
 * @param dirtyBytesPerSecond how fast it writes memory; zero when not known
 * @param lastMoved when it was last moved (or started), for the cool-down
 * @param moveBlocker why it may not be moved (a pass-through device, an operator's hold); empty
 *     when it may
 */
public record VmView(
    String id,
    Optional<String> host,
    VmCondition condition,
    Forecast cpu,
    int vcpus,
    double reservedCores,
    long memoryBytes,
    double dirtyBytesPerSecond,
    Platform platform,
    Mode mode,
    Optional<Instant> lastMoved,
    Optional<String> moveBlocker) {
  public VmView {
    if (vcpus < 1) {
      throw new IllegalArgumentException(
          "vcpus of VM " + id + " is " + vcpus + "; accepted: at least 1");
    }
  }

  /** Takes up room on its host. */
  public boolean takesRoom() {
    return switch (condition) {
      case STARTING, RUNNING, MOVING, BLOCKED -> host.isPresent();
      case UNPLACED, STOPPED -> false;
    };
  }
}
