package io.drover.daemon.demo;

import io.drover.daemon.cli.CliException;
import io.drover.daemon.demo.collector.CollectorLine;
import io.drover.daemon.demo.collector.CollectorProcess;
import io.drover.daemon.demo.load.PhaseKind;
import io.drover.daemon.demo.load.PhaseLoads;
import io.drover.daemon.demo.record.Look;
import io.drover.daemon.demo.record.MoveSeen;
import io.drover.daemon.demo.record.PhaseRules;
import io.drover.daemon.demo.record.PhaseSpan;
import io.drover.daemon.demo.record.Recording;
import io.drover.daemon.demo.record.VmSeen;
import io.drover.daemon.demo.screen.Changes;
import io.drover.daemon.demo.screen.Event;
import io.drover.daemon.demo.screen.Frame;
import io.drover.daemon.demo.screen.Screen;
import io.drover.daemon.demo.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sets the guests' loads phase by phase, looks at the cluster every second, records what it sees
 * and shows it.
 */
final class Watch {
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BLINDNESS = Duration.ofSeconds(45);
  private static final int RECENT = 12;

  /** A guest's silence may end, and be told, a little after the move did. */
  private static final long SILENCE_LATENESS_MILLIS = 1_500;

  private final Preparation prepared;
  private final Site site;
  private final ClusterApi api;
  private final Screen screen;
  private final Instant begun;
  private final List<Look> looks = new ArrayList<>();
  private final List<PhaseSpan> phases = new ArrayList<>();
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, String> explanations = new HashMap<>();
  private Map<String, Integer> told = Map.of();
  private List<MoveSeen> movesSeen = List.of();
  private String heading = "starting";
  private Instant lastLook = Instant.EPOCH;
  private Instant lastSight = Instant.now();

  Watch(Preparation prepared, Site site, ClusterApi api, Screen screen, Instant begun) {
    this.prepared = prepared;
    this.site = site;
    this.api = api;
    this.screen = screen;
    this.begun = begun;
  }

  void event(Event event) {
    events.add(event);
    screen.event(event);
  }

  /** Conducts one phase to its end. */
  void phase(PhaseKind kind, CollectorProcess guests) throws CliException, InterruptedException {
    PhaseLoads loads = prepared.script().loads(kind, placement());
    PhaseSpan span = PhaseSpan.begin(loads, System.currentTimeMillis());
    phases.add(span);
    heading = kind.words();
    event(new Event(secondsIn(), "-- " + kind.words() + subject(span), ""));
    while (!PhaseRules.finished(recording(movesSeen), span, System.currentTimeMillis())) {
      told = loads.at(Duration.ofMillis(System.currentTimeMillis() - span.startMillis()));
      guests.setLoads(told);
      look(guests);
      Thread.sleep(TICK);
    }
    phases.set(phases.size() - 1, span.end(System.currentTimeMillis()));
  }

  private static String subject(PhaseSpan span) {
    return span.subject().map(subject -> " (" + subject + ")").orElse("");
  }

  /** Looks, if the last look is long enough ago. */
  void look(CollectorProcess guests) throws CliException, InterruptedException {
    Instant now = Instant.now();
    if (Duration.between(lastLook, now).compareTo(BETWEEN_LOOKS) < 0) {
      return;
    }
    lastLook = now;
    try {
      explanations.putAll(api.explanations());
      Look look = api.look(told, site::alive);
      movesSeen = moves(guests);
      if (!looks.isEmpty()) {
        Changes.between(looks.getLast(), look, explanations, secondsIn()).forEach(this::event);
      }
      looks.add(look);
      lastSight = now;
    } catch (CliException noAnswer) {
      // A scheduler that changes its node is away for some seconds; the guests need none of it.
      if (Duration.between(lastSight, now).compareTo(BLINDNESS) > 0) {
        throw noAnswer;
      }
    }
    show(guests);
  }

  private void show(CollectorProcess guests) {
    if (looks.isEmpty()) {
      return;
    }
    Map<String, Long> verified = new TreeMap<>();
    for (CollectorLine.Guest guest : guests.guests().guests()) {
      verified.put(guest.vm(), guest.verdict().blocksVerified());
    }
    List<Event> all = List.copyOf(events);
    screen.show(
        new Frame(
            secondsIn(),
            heading,
            looks.getLast(),
            verified,
            all.subList(Math.max(0, all.size() - RECENT), all.size())));
  }

  /** Moves that ended, with their downtime as the guests' heartbeats show it. */
  List<MoveSeen> moves(CollectorProcess guests) throws CliException, InterruptedException {
    List<MoveSeen> moves = new ArrayList<>();
    for (MoveSeen move : api.moves()) {
      long silence =
          guests.longestSilenceMillis(
              move.vm(), move.startedMillis(), move.endedMillis() + SILENCE_LATENESS_MILLIS);
      moves.add(silence == 0 ? move : move.withDowntime(silence));
    }
    return List.copyOf(moves);
  }

  /** All that was seen so far. */
  Recording recording(List<MoveSeen> moves) {
    return new Recording(prepared.fleet(), looks, phases, moves);
  }

  /** Where the machines are now. */
  private Map<String, String> placement() {
    Optional<Look> last = looks.isEmpty() ? Optional.empty() : Optional.of(looks.getLast());
    Map<String, String> placement = new TreeMap<>(prepared.script().startingHosts());
    for (VmSeen vm : last.map(Look::vms).orElse(List.of())) {
      if (!vm.host().isEmpty()) {
        placement.put(vm.name(), vm.host());
      }
    }
    return placement;
  }

  private long secondsIn() {
    return Duration.between(begun, Instant.now()).toSeconds();
  }
}
