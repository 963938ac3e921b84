package io.drover.daemon.demo.record;

import io.drover.daemon.demo.load.PhaseKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says which of the four events happened, from what was seen.
 *
 * <table>
 * <caption>What each event takes</caption>
 * <tr><th>event</th><th>conditions</th></tr>
 * <tr><td>overload relieved</td><td>the host was seen above its capacity; the scheduler moved one
 * of its machines; afterwards no host was above its capacity for a while</td></tr>
 * <tr><td>glitch ignored</td><td>the jump was seen by the scheduler; no move began until well after
 * it</td></tr>
 * <tr><td>standby</td><td>in the quiet phase a host that had worked was empty, in standby, and its
 * process gone, while all machines went on</td></tr>
 * <tr><td>woken in time</td><td>a host that slept when the rise began worked again, its process
 * back, before the guests wanted more than the others have; and in the end they did</td></tr>
 * </table>
 */
public final class Judge {
  /** For so long no host may be above its capacity after a relief. */
  static final long RELIEF_MILLIS = 4_000;

  /** For so long after a glitch no move may begin. */
  static final long GLITCH_WATCH_MILLIS = 15_000;

  /** A sample is that long on its way to a look. */
  private static final long LATENESS_MILLIS = 6_000;

  private Judge() {}

  /** Judges a finished run. */
  public static Judgement judge(Recording recording) {
    return new Judgement(
        of(recording, PhaseKind.OVERLOAD, Judge::overloadRelieved),
        of(recording, PhaseKind.GLITCH, Judge::glitchIgnored),
        of(recording, PhaseKind.QUIET, Judge::standby),
        of(recording, PhaseKind.RISE, Judge::wokenInTime));
  }

  private interface Rule {
    Finding apply(Recording recording, PhaseSpan phase);
  }

  private static Finding of(Recording recording, PhaseKind kind, Rule rule) {
    return recording
        .phase(kind)
        .map(phase -> rule.apply(recording, phase))
        .orElseGet(() -> Finding.no("the phase did not come"));
  }

  static Finding overloadRelieved(Recording recording, PhaseSpan phase) {
    String hot = phase.subject().orElse("");
    Optional<Look> overloaded =
        recording.looks(phase).stream()
            .filter(look ->
                look.host(hot)
                    .filter(h -> h.demandMillicores() > h.capacityMillicores())
                    .isPresent())
            .findFirst();
    if (overloaded.isEmpty()) {
      return Finding.no("%s was never seen above its capacity".formatted(hot));
    }
    Optional<MoveSeen> relief =
        recording.moves().stream()
            .filter(m -> m.succeeded() && !m.byHand() && m.from().equals(hot))
            .filter(m -> phase.contains(m.startedMillis()))
            .filter(m -> m.endedMillis() >= overloaded.get().atMillis())
            .min(Comparator.comparingLong(MoveSeen::startedMillis));
    if (relief.isEmpty()) {
      return Finding.no("%s was overloaded and no machine was moved away from it".formatted(hot));
    }
    List<Look> after = recording.looks(relief.get().endedMillis(), phase.endMillis());
    Optional<Long> calm = calmFrom(after);
    return calm.map(at ->
            Finding.yes(
                "%s wanted %s of its capacity; %s moved to %s; %s later no host was above its capacity"
                    .formatted(
                        hot,
                        percent(overloaded.get().host(hot).orElseThrow()),
                        relief.get().vm(),
                        relief.get().to(),
                        seconds(at - overloaded.get().atMillis()))))
        .orElseGet(() ->
            Finding.no(
                "%s moved from %s to %s, and still some host was above its capacity"
                    .formatted(relief.get().vm(), hot, relief.get().to())));
  }

  /** When a stretch without overload of the required length began. */
  private static Optional<Long> calmFrom(List<Look> looks) {
    long since = -1;
    for (Look look : looks) {
      if (look.overloaded()) {
        since = -1;
      } else if (since < 0) {
        since = look.atMillis();
      }
      if (since >= 0 && look.atMillis() - since >= RELIEF_MILLIS) {
        return Optional.of(since);
      }
    }
    return Optional.empty();
  }

  static Finding glitchIgnored(Recording recording, PhaseSpan phase) {
    String vm = phase.subject().orElse("");
    long watchedUntil = phase.actionEndMillis() + GLITCH_WATCH_MILLIS;
    int base = toldAround(recording, vm, phase.startMillis(), phase.actionMillis(), false);
    int peak = toldAround(recording, vm, phase.actionMillis(), phase.actionEndMillis(), true);
    int seen =
        recording.looks(phase.actionMillis(), phase.actionEndMillis() + LATENESS_MILLIS).stream()
            .flatMap(look -> look.vm(vm).stream())
            .mapToInt(VmSeen::demandMillicores)
            .max()
            .orElse(0);
    if (peak <= base || seen < base + (peak - base) / 2) {
      return Finding.no(
          "the scheduler never saw the glitch of %s: it saw %d of %d millicores"
              .formatted(vm, seen, peak));
    }
    Optional<MoveSeen> caused =
        recording.moves().stream()
            .filter(
                m -> m.startedMillis() >= phase.actionMillis() && m.startedMillis() < watchedUntil)
            .findFirst();
    if (caused.isPresent()) {
      return Finding.no(
          "%s moved from %s to %s after %s jumped"
              .formatted(caused.get().vm(), caused.get().from(), caused.get().to(), vm));
    }
    if (phase.endMillis() != PhaseSpan.OPEN && phase.endMillis() < watchedUntil) {
      return Finding.no("the run ended before one could tell");
    }
    return Finding.yes(
        "%s jumped from %d to %d millicores for %s, and nothing was moved"
            .formatted(vm, base, seen, seconds(phase.actionEndMillis() - phase.actionMillis())));
  }

  private static int toldAround(
      Recording recording, String vm, long fromMillis, long toMillis, boolean highest) {
    var told =
        recording.looks(fromMillis, toMillis).stream()
            .mapToInt(look -> look.told().getOrDefault(vm, 0));
    return (highest ? told.max() : told.min()).orElse(0);
  }

  static Finding standby(Recording recording, PhaseSpan phase) {
    for (Look look : recording.looks(phase)) {
      for (HostSeen host : look.hosts()) {
        if (host.asleep() && host.vms() == 0 && hadWorked(recording, host.name(), look)) {
          List<String> notRunning =
              look.vms().stream().filter(vm -> !vm.running()).map(VmSeen::name).toList();
          return notRunning.isEmpty()
              ? Finding.yes(
                  "%s was emptied and its process ended %s after the quiet began"
                      .formatted(host.name(), seconds(look.atMillis() - phase.startMillis())))
              : Finding.no(
                  "%s sleeps, but %s did not go on"
                      .formatted(host.name(), String.join(", ", notRunning)));
        }
      }
    }
    return Finding.no("no host's process was gone and in standby");
  }

  private static boolean hadWorked(Recording recording, String host, Look before) {
    return recording.looks(0, before.atMillis()).stream()
        .anyMatch(look -> look.host(host).filter(HostSeen::awake).isPresent());
  }

  static Finding wokenInTime(Recording recording, PhaseSpan phase) {
    List<Look> looks = recording.looks(phase);
    Optional<String> sleeper =
        looks.stream()
            .findFirst()
            .flatMap(first ->
                first.hosts().stream().filter(HostSeen::asleep).map(HostSeen::name).findFirst());
    if (sleeper.isEmpty()) {
      return Finding.no("no host slept when the rise began");
    }
    String host = sleeper.get();
    int others = looks.getFirst().awakeCapacityMillicores();
    Optional<Look> awake =
        looks.stream()
            .filter(look -> look.host(host).filter(HostSeen::awake).isPresent())
            .findFirst();
    if (awake.isEmpty()) {
      return Finding.no("%s was not woken".formatted(host));
    }
    Optional<Look> needed = looks.stream().filter(l -> l.toldMillicores() > others).findFirst();
    if (needed.isEmpty()) {
      return Finding.no("the rise never went beyond what the other hosts have");
    }
    long early = needed.get().atMillis() - awake.get().atMillis();
    return early > 0
        ? Finding.yes(
            "%s worked again %s before the guests wanted more than the other hosts have"
                .formatted(host, seconds(early)))
        : Finding.no(
            "%s worked again %s after the guests wanted more than the other hosts have"
                .formatted(host, seconds(-early)));
  }

  private static String seconds(long millis) {
    return Math.round(millis / 1_000.0) + " s";
  }

  private static String percent(HostSeen host) {
    return Math.round(100.0 * host.demandMillicores() / host.capacityMillicores()) + " %";
  }
}
