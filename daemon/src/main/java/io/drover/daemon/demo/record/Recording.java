package io.drover.daemon.demo.record;

import io.drover.daemon.demo.load.FleetShape;
import io.drover.daemon.demo.load.PhaseKind;
import java.util.List;
import java.util.Optional;

/** All that was seen in a run, oldest first. */
public record Recording(
    FleetShape fleet, List<Look> looks, List<PhaseSpan> phases, List<MoveSeen> moves) {
  public Recording {
    looks = List.copyOf(looks);
    phases = List.copyOf(phases);
    moves = List.copyOf(moves);
  }

  /** The phase of a kind; each kind that is judged comes once. */
  public Optional<PhaseSpan> phase(PhaseKind kind) {
    return phases.stream().filter(p -> p.kind() == kind).findFirst();
  }

  /** Looks from a time, to another excluded. */
  public List<Look> looks(long fromMillis, long toMillis) {
    return looks.stream()
        .filter(l -> l.atMillis() >= fromMillis && l.atMillis() < toMillis)
        .toList();
  }

  /** Looks within a phase. */
  public List<Look> looks(PhaseSpan phase) {
    return looks(phase.startMillis(), phase.endMillis());
  }
}
