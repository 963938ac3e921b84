package io.drover.hostagent.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * What a step that was done has to tell.
 *
 * @param copy the machine's copy on this host after the step
 * @param migrationUri where the incoming copy listens, told by {@link AgentStep.PrepareIncoming}
 * @param stats what copying took, told by {@link AgentStep.SwitchOver}
 */
public record StepResult(CopyView copy, Optional<String> migrationUri, Optional<CopyStats> stats) {

  /** A result with nothing to tell but the copy. */
  public static StepResult of(CopyView copy) {
    return new StepResult(copy, Optional.empty(), Optional.empty());
  }

  /**
   * How the copying of memory went.
   *
   * @param dirtyBytesPerSecond how fast the guest dirtied memory meanwhile
   */
  public record CopyStats(
      Duration total, Duration downtime, long transferredBytes, double dirtyBytesPerSecond) {}
}
