package io.drover.scheduler.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Moves machines whose place breaks an operator's rule (one that was made after they were placed).
 */
final class RuleMender {
  private final Draft draft;
  private final Fleet fleet;

  RuleMender(Draft draft) {
    this.draft = draft;
    fleet = draft.fleet;
  }

  void plan() {
    for (int v = 0; v < fleet.vms.size(); v++) {
      int h = fleet.placeOf(v);
      if (h != Fleet.NOWHERE && !draft.isDecided(v)) {
        int machine = v;
        Constraints.ruleConflict(fleet, v, h).ifPresent(rule -> mend(machine, h, rule));
      }
    }
  }

  private void mend(int v, int h, String rule) {
    if (draft.modeOf(v) == Mode.OFF) {
      draft.vmReason(v, rule + ", but moves are off");
      return;
    }
    Optional<String> blocked =
        Constraints.immovable(fleet, v).or(() -> draft.resting(v)).or(() -> draft.busy(h));
    if (blocked.isPresent()) {
      draft.vmReason(v, rule + ", but " + blocked.get());
      return;
    }
    Optional<Integer> place = Places.anywhere(fleet, v);
    if (place.isEmpty() || draft.busy(place.get()).isPresent()) {
      draft.vmReason(v, rule + ", but no other host will do: " + Places.refusals(fleet, v));
      return;
    }
    MoveValue value = MoveValue.of(fleet, v, place.get(), 0, Duration.ZERO);
    draft.move(
        v,
        place.get(),
        Action.Purpose.MEND_RULE,
        draft.modeOf(v) == Mode.RECOMMEND,
        new Explanation(
            rule,
            List.of(fleet.vms.get(v).id() + ": " + fleet.vms.get(v).cpu().explanation()),
            0,
            value.cost(),
            value.risk(),
            List.of(
                new Explanation.Alternative(
                    "leave it", "a rule of an operator outweighs the cost of a move"))));
  }
}
