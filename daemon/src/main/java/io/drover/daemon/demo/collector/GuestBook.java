package io.drover.daemon.demo.collector;

import io.drover.daemon.demo.guest.GuestLine;
import io.drover.daemon.demo.guest.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the collector knows of each guest. Thread-safe; the clock is the caller's.
 *
 * <p>A guest's counters start at zero with each of its lives; the book adds them up. Its round goes
 * on instead, because a guest that starts anew is told the round it had reached.
 */
final class GuestBook {
  /** Beats come every 100 ms; a silence of more than this is told. */
  static final long SILENCE_MILLIS = 250;

  private static final long BEAT_MILLIS = 100;

  private final TreeMap<String, Entry> entries = new TreeMap<>();

  private static final class Entry {
    int connections;
    long beats;
    long lastBeatMillis = -1;
    int lives = 1;
    int load;
    Verdict earlierLives = Verdict.NONE;
    Verdict thisLife = Verdict.NONE;
    long verdictRound;
  }

  /**
   * Takes note of a connection; returns the last round the guest told of, which it may have
   * forgotten.
   */
  synchronized long connected(String vm) {
    Entry entry = entries.computeIfAbsent(vm, name -> new Entry());
    entry.connections++;
    return entry.thisLife.round();
  }

  synchronized void disconnected(String vm) {
    Optional.ofNullable(entries.get(vm)).ifPresent(entry -> entry.connections--);
  }

  /** Takes note of a line; returns the silence that it ended, if it was long. */
  synchronized Optional<CollectorLine.Silence> heard(
      String vm, GuestLine line, long monotonicMillis, long epochMillis) {
    Entry entry = entries.computeIfAbsent(vm, name -> new Entry());
    return switch (line) {
      case GuestLine.Beat beat -> beat(vm, entry, monotonicMillis, epochMillis);
      case GuestLine.State state -> {
        state(entry, state);
        yield Optional.empty();
      }
      case GuestLine.Hello hello -> Optional.empty();
      case GuestLine.Unknown unknown -> Optional.empty();
    };
  }

  private static Optional<CollectorLine.Silence> beat(
      String vm, Entry entry, long monotonicMillis, long epochMillis) {
    long silent = entry.lastBeatMillis < 0 ? 0 : monotonicMillis - entry.lastBeatMillis;
    entry.lastBeatMillis = monotonicMillis;
    entry.beats++;
    return silent > SILENCE_MILLIS
        ? Optional.of(new CollectorLine.Silence(vm, epochMillis, silent - BEAT_MILLIS))
        : Optional.empty();
  }

  private static void state(Entry entry, GuestLine.State state) {
    Verdict told = state.verdict();
    if (told.blocksVerified() < entry.thisLife.blocksVerified()) {
      entry.earlierLives = entry.earlierLives.plus(entry.thisLife);
      entry.lives++;
    }
    // Before its first verification a new life tells round 0, which must not replace what was
    // reached.
    entry.thisLife =
        new Verdict(
            Math.max(told.round(), entry.thisLife.round()),
            told.blocksVerified(),
            told.lost(),
            told.stale(),
            told.errors());
    entry.verdictRound = state.verdictRound();
    entry.load = state.loadMillicores();
  }

  synchronized CollectorLine.Guests report(long monotonicMillis) {
    List<CollectorLine.Guest> guests = new ArrayList<>();
    entries.forEach((vm, entry) ->
        guests.add(
            new CollectorLine.Guest(
                vm,
                entry.connections > 0,
                entry.beats,
                entry.lastBeatMillis < 0 ? -1 : monotonicMillis - entry.lastBeatMillis,
                entry.lives,
                entry.load,
                entry.earlierLives.plus(entry.thisLife),
                entry.verdictRound)));
    return new CollectorLine.Guests(guests);
  }
}
