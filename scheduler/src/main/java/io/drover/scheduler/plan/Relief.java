package io.drover.scheduler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Takes load off hosts whose decided demand exceeds their target.
 *
 * <p>For each such host the move with the greatest value (benefit less cost less risk) is chosen
 * among all its machines and all other hosts, as long as one is worthwhile. Samples that may still
 * turn out to be a glitch are not in the forecast's level, so a spike never gets here.
 */
final class Relief {
  private static final int ALTERNATIVES = 6;

  private final Draft draft;
  private final Fleet fleet;

  Relief(Draft draft) {
    this.draft = draft;
    fleet = draft.fleet;
  }

  private record Candidate(int v, int to, MoveValue value) {}

  void plan() {
    for (int h : overloadedHosts()) {
      if (!fleet.hosts.get(h).evacuating()) {
        relieve(h);
      }
    }
  }

  private List<Integer> overloadedHosts() {
    List<Integer> hosts = new ArrayList<>();
    for (int h = 0; h < fleet.hosts.size(); h++) {
      if (fleet.excess(h) > Constraints.EPSILON && fleet.hosts.get(h).reachable()) {
        hosts.add(h);
      }
    }
    hosts.sort(Comparator.comparingDouble((Integer h) -> -fleet.excess(h)).thenComparing(h -> h));
    return hosts;
  }

  private void relieve(int h) {
    while (fleet.excess(h) > Constraints.EPSILON) {
      Optional<String> busy = draft.busy(h);
      if (busy.isPresent()) {
        draft.hostReason(h, "overloaded, " + Words.load(fleet, h) + ", but " + busy.get());
        return;
      }
      Optional<Candidate> best = best(h);
      if (best.isEmpty()) {
        draft.hostReason(
            h,
            "overloaded, " + Words.load(fleet, h) + ", but no move is possible and worth its cost");
        return;
      }
      Candidate chosen = best.get();
      boolean approval = draft.modeOf(chosen.v()) == Mode.RECOMMEND;
      draft.hostReason(h, "overloaded, " + Words.load(fleet, h) + ": being relieved");
      draft.move(
          chosen.v(), chosen.to(), Action.Purpose.RELIEVE_OVERLOAD, approval, explain(h, chosen));
      if (approval) {
        return;
      }
    }
  }

  /**
   * The best worthwhile move; one that may be carried out at once goes before one that needs
   * approval.
   */
  private Optional<Candidate> best(int h) {
    Candidate best = null;
    for (int v : fleet.membersOf(h)) {
      if (whyNot(v).isPresent()) {
        continue;
      }
      for (int d = 0; d < fleet.hosts.size(); d++) {
        if (whyNot(v, d).isPresent()) {
          continue;
        }
        MoveValue value = MoveValue.ofRelief(fleet, v, d);
        Candidate candidate = new Candidate(v, d, value);
        if (value.worthwhile(draft.policy) && (best == null || better(candidate, best))) {
          best = candidate;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean better(Candidate a, Candidate b) {
    int byMode = draft.modeOf(a.v()).compareTo(draft.modeOf(b.v()));
    if (byMode != 0) {
      return byMode < 0;
    }
    double difference = a.value().net() - b.value().net();
    // Equal to the eye: then the roomier host, so that the next rise does not need the next move.
    if (Math.abs(difference) > 0.01 * Math.abs(b.value().net())) {
      return difference > 0;
    }
    return roomAfter(a) > roomAfter(b) + Constraints.EPSILON;
  }

  private double roomAfter(Candidate c) {
    return 1 - fleet.loadWith(c.to(), c.v()) / fleet.capacity(c.to());
  }

  private Optional<String> whyNot(int v) {
    if (draft.isDecided(v)) {
      return Optional.of("is decided on already");
    }
    if (draft.modeOf(v) == Mode.OFF) {
      return Optional.of("moves are off");
    }
    Optional<String> immovable = Constraints.immovable(fleet, v);
    return immovable.isPresent() ? immovable : draft.resting(v);
  }

  private Optional<String> whyNot(int v, int d) {
    if (d == fleet.placeOf(v)) {
      return Optional.of("is where it is");
    }
    Optional<String> conflict = Constraints.conflict(fleet, v, d);
    if (conflict.isPresent()) {
      return conflict;
    }
    double load = fleet.peakLoadWith(d, v);
    if (load > fleet.capacity(d) + Constraints.EPSILON) {
      return Optional.of(
          "would need %s of %s".formatted(Words.number(load), Words.cores(fleet.capacity(d))));
    }
    return draft.busy(d);
  }

  private Explanation explain(int h, Candidate chosen) {
    VmView vm = fleet.vms.get(chosen.v());
    MoveValue value = chosen.value();
    String summary =
        "%s needs %s; without %s %s, for about %s; the move takes about %s with %s downtime"
            .formatted(
                fleet.hosts.get(h).id(),
                Words.load(fleet, h),
                vm.id(),
                Words.number(fleet.loadWithout(h, chosen.v())),
                Words.time(value.lasting()),
                Words.time(value.migration().duration()),
                Words.time(value.migration().downtime()));
    List<String> forecasts = new ArrayList<>();
    for (int v : fleet.membersOf(h)) {
      forecasts.add(fleet.vms.get(v).id() + ": " + fleet.vms.get(v).cpu().explanation());
    }
    return new Explanation(
        summary, forecasts, value.benefit(), value.cost(), value.risk(), alternatives(h, chosen));
  }

  /** Other places for the chosen machine, then other machines of the host at their best place. */
  private List<Explanation.Alternative> alternatives(int h, Candidate chosen) {
    List<Explanation.Alternative> out = new ArrayList<>();
    out.add(
        new Explanation.Alternative(
            "leave everything where it is",
            "%s core-seconds of demand above target would stay"
                .formatted(Words.number(chosen.value().benefit()))));
    for (int d = 0; d < fleet.hosts.size() && out.size() <= ALTERNATIVES; d++) {
      if (d != chosen.to() && d != h) {
        out.add(alternative(chosen.v(), d, chosen));
      }
    }
    for (int v : fleet.membersOf(h)) {
      if (out.size() >= 2 * ALTERNATIVES) {
        break;
      }
      if (v != chosen.v()) {
        out.add(
            whyNot(v)
                .map(why -> new Explanation.Alternative("move " + fleet.vms.get(v).id(), why))
                .orElseGet(() -> alternative(v, chosen.to(), chosen)));
      }
    }
    return out;
  }

  private Explanation.Alternative alternative(int v, int d, Candidate chosen) {
    String what = "move %s to %s".formatted(fleet.vms.get(v).id(), fleet.hosts.get(d).id());
    Optional<String> whyNot = whyNot(v, d);
    if (whyNot.isPresent()) {
      return new Explanation.Alternative(what, whyNot.get());
    }
    MoveValue value = MoveValue.ofRelief(fleet, v, d);
    return new Explanation.Alternative(
        what,
        value.worthwhile(draft.policy)
            ? "is worth %s core-seconds, the chosen one %s"
                .formatted(Words.number(value.net()), Words.number(chosen.value().net()))
            : "is not worth it: benefit %s, cost %s, risk %s core-seconds"
                .formatted(
                    Words.number(value.benefit()),
                    Words.number(value.cost()),
                    Words.number(value.risk())));
  }
}
