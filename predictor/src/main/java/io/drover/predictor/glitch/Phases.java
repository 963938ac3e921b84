package io.drover.predictor.glitch;

import java.util.List;
import java.util.Optional;

/**
 * A history split into stable periods and unstable groups.
 *
 * @param samples how many samples the history had
 * @param threshold the variation threshold the split was made with
 */
public record Phases(
    int samples, double threshold, List<StablePeriod> periods, List<UnstableGroup> groups) {
  public Phases {
    periods = List.copyOf(periods);
    groups = List.copyOf(groups);
  }

  /** The newest stable period; empty while the history has none. */
  public Optional<StablePeriod> current() {
    return periods.isEmpty() ? Optional.empty() : Optional.of(periods.getLast());
  }

  /** The samples at the open end that no stable period follows yet. */
  public Optional<UnstableGroup> undecided() {
    if (groups.isEmpty() || groups.getLast().verdict() != UnstableGroup.Verdict.UNDECIDED) {
      return Optional.empty();
    }
    return Optional.of(groups.getLast());
  }

  /** How many groups were taken out as glitches. */
  public int glitches() {
    int count = 0;
    for (UnstableGroup group : groups) {
      if (group.verdict() == UnstableGroup.Verdict.GLITCH) {
        count++;
      }
    }
    return count;
  }
}
