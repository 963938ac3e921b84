package io.drover.daemon.demo.screen;

import io.drover.daemon.demo.record.HostSeen;
import io.drover.daemon.demo.record.Look;
import io.drover.daemon.demo.record.VmSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out what happened between two looks. */
public final class Changes {
  private Changes() {}

  /**
   * What happened, in words.
   *
   * @param explanations of planned actions, by {@link #moveKey} or the host's name
   */
  public static List<Event> between(
      Look before, Look after, Map<String, String> explanations, long secondsIn) {
    List<Event> events = new ArrayList<>();
    for (VmSeen now : after.vms()) {
      before
          .vm(now.name())
          .flatMap(old -> of(old, now, explanations, secondsIn))
          .ifPresent(events::add);
    }
    for (HostSeen now : after.hosts()) {
      Optional<HostSeen> old = before.host(now.name());
      old.flatMap(o -> power(o, now, explanations, secondsIn)).ifPresent(events::add);
      old.flatMap(o -> process(o, now, secondsIn)).ifPresent(events::add);
    }
    return List.copyOf(events);
  }

  /** Key of the explanation of a move. */
  public static String moveKey(String vm, String from) {
    return vm + " from " + from;
  }

  private static Optional<Event> of(
      VmSeen old, VmSeen now, Map<String, String> explanations, long secondsIn) {
    if (!old.host().equals(now.host()) && !old.host().isEmpty() && !now.host().isEmpty()) {
      return Optional.of(
          new Event(
              secondsIn,
              "%s now runs on %s, it came from %s".formatted(now.name(), now.host(), old.host()),
              ""));
    }
    if (old.state().equals(now.state())) {
      return Optional.empty();
    }
    if (now.state().equals("MOVING")) {
      return Optional.of(
          new Event(
              secondsIn,
              "%s begins to move away from %s".formatted(now.name(), now.host()),
              explanations.getOrDefault(moveKey(now.name(), now.host()), "")));
    }
    return old.state().equals("MOVING")
        ? Optional.empty()
        : Optional.of(
            new Event(
                secondsIn,
                "%s: %s".formatted(now.name(), now.state().toLowerCase(java.util.Locale.ROOT)),
                now.trouble()));
  }

  private static Optional<Event> power(
      HostSeen old, HostSeen now, Map<String, String> explanations, long secondsIn) {
    if (old.power().equals(now.power())) {
      return Optional.empty();
    }
    String what =
        switch (now.power()) {
          case "DRAINING" -> "%s is emptied for standby";
          case "STANDBY" -> "%s goes to standby";
          case "WAKING" -> "%s is woken";
          case "ON" -> "%s is on";
          // The names come over HTTP, so there is no closed set.
          default -> "%s: " + now.power();
        };
    return Optional.of(
        new Event(
            secondsIn, what.formatted(now.name()), explanations.getOrDefault(now.name(), "")));
  }

  private static Optional<Event> process(HostSeen old, HostSeen now, long secondsIn) {
    return old.processAlive() == now.processAlive()
        ? Optional.empty()
        : Optional.of(
            new Event(
                secondsIn,
                now.processAlive()
                    ? "%s's process is back".formatted(now.name())
                    : "%s's process is gone".formatted(now.name()),
                ""));
  }
}
