package io.drover.daemon.demo.record;

import io.drover.daemon.demo.load.FleetShape;
import io.drover.daemon.demo.load.PhaseKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A recording made by hand: one look a second; what is set stays until it is set anew. Four hosts
 * of 400 millicores, on each one machine that wants 100.
 */
final class Story {
  static final int CAPACITY = 400;
  static final List<String> HOSTS = List.of("host1", "host2", "host3", "host4");

  private final List<Look> looks = new ArrayList<>();
  private final List<PhaseSpan> phases = new ArrayList<>();
  private final List<MoveSeen> moves = new ArrayList<>();
  private final Map<String, String> placement = new TreeMap<>();
  private final Map<String, Integer> wants = new TreeMap<>();
  private final Map<String, Integer> told = new TreeMap<>();
  private final Map<String, String> states = new TreeMap<>();
  private final Map<String, String> power = new TreeMap<>();
  private final Map<String, Boolean> processes = new TreeMap<>();
  private long now = 1_000_000;

  Story() {
    for (int i = 1; i <= HOSTS.size(); i++) {
      put("vm" + i, "host" + i).wants("vm" + i, 100);
      states.put("vm" + i, "RUNNING");
      power.put("host" + i, "ON");
      processes.put("host" + i, true);
    }
  }

  Story put(String vm, String host) {
    placement.put(vm, host);
    return this;
  }

  /** Told, and seen by the scheduler. */
  Story wants(String vm, int millicores) {
    told.put(vm, millicores);
    return seen(vm, millicores);
  }

  /** What the scheduler sees only. */
  Story seen(String vm, int millicores) {
    wants.put(vm, millicores);
    return this;
  }

  Story state(String vm, String state) {
    states.put(vm, state);
    return this;
  }

  Story power(String host, String word, boolean process) {
    power.put(host, word);
    processes.put(host, process);
    return this;
  }

  /** A phase with a subject begins; its action lasts from and to so many seconds from now. */
  Story begin(PhaseKind kind, String subject, int actionSeconds, int actionEndSeconds) {
    end();
    phases.add(
        new PhaseSpan(
            kind,
            Optional.of(subject).filter(s -> !s.isEmpty()),
            now,
            now + actionSeconds * 1_000L,
            now + actionEndSeconds * 1_000L,
            PhaseSpan.OPEN));
    return this;
  }

  /** Ends the phase that goes on. */
  Story end() {
    if (!phases.isEmpty() && phases.getLast().endMillis() == PhaseSpan.OPEN) {
      phases.set(phases.size() - 1, phases.getLast().end(now));
    }
    return this;
  }

  Story seconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      looks.add(look());
      now += 1_000;
    }
    return this;
  }

  /** A move that takes two seconds. */
  Story move(String vm, String to, String outcome, boolean byHand) {
    String from = placement.getOrDefault(vm, "");
    long started = now;
    seconds(2);
    if (outcome.equals("moved")) {
      put(vm, to);
    }
    moves.add(
        new MoveSeen(
            "move" + moves.size(),
            vm,
            from,
            to,
            outcome,
            byHand,
            started,
            1_500,
            now - started,
            100,
            120));
    return this;
  }

  private Look look() {
    List<HostSeen> hosts = new ArrayList<>();
    for (String host : HOSTS) {
      int demand = 0;
      int vms = 0;
      for (Map.Entry<String, String> place : placement.entrySet()) {
        if (place.getValue().equals(host)) {
          demand += wants.getOrDefault(place.getKey(), 0);
          vms++;
        }
      }
      boolean on = power.getOrDefault(host, "").equals("ON");
      hosts.add(
          new HostSeen(
              host,
              power.getOrDefault(host, ""),
              on,
              processes.getOrDefault(host, false),
              CAPACITY,
              demand,
              demand,
              vms));
    }
    List<VmSeen> vms = new ArrayList<>();
    placement.forEach((vm, host) ->
        vms.add(
            new VmSeen(
                vm,
                host,
                states.getOrDefault(vm, ""),
                wants.getOrDefault(vm, 0),
                wants.getOrDefault(vm, 0),
                wants.getOrDefault(vm, 0),
                "")));
    return new Look(now, hosts, vms, told);
  }

  long now() {
    return now;
  }

  PhaseSpan phase() {
    return phases.getLast();
  }

  Recording recording() {
    return new Recording(
        new FleetShape(HOSTS, CAPACITY, 0.9, Duration.ofSeconds(2)), looks, phases, moves);
  }

  Judgement judged() {
    end();
    return Judge.judge(recording());
  }
}
