package io.drover.daemon.demo.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.drover.daemon.demo.guest.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo's outcome, in words and as JSON.
 *
 * @param verdict of all guests together
 * @param unheard guests that have not finished a last verification
 * @param forecastErrorCores mean difference between forecast and demand; negative if unknown
 * @param secondsToFirstVm negative when none ran
 */
public record Summary(
    Judgement judgement,
    Verdict verdict,
    List<String> unheard,
    List<MoveSeen> moves,
    double forecastErrorCores,
    double hostSecondsSaved,
    double secondsToFirstVm,
    double secondsTotal) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public Summary {
    unheard = List.copyOf(unheard);
    moves = List.copyOf(moves);
  }

  /** Clean data, by the word of every guest, and all four events. */
  public boolean successful() {
    return clean() && judgement.allHappened();
  }

  /** Whether nothing was lost and every guest has said so. */
  public boolean clean() {
    return verdict.clean() && unheard.isEmpty();
  }

  /** The JSON that {@code --json} writes. */
  public String toJson() {
    Map<String, Object> events = new LinkedHashMap<>();
    judgement.byName().forEach((name, finding) -> events.put(name, finding.happened()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("events", events);
    all.put(
        "verdict",
        inOrder(
            "blocksVerified", verdict.blocksVerified(),
            "lost", verdict.lost(),
            "stale", verdict.stale()));
    all.put("moves", moves.stream().filter(MoveSeen::succeeded).map(Summary::json).toList());
    all.put("secondsToFirstVm", rounded(secondsToFirstVm));
    all.put("secondsTotal", rounded(secondsTotal));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("maps of strings and numbers have a JSON form", impossible);
    }
  }

  private static Map<String, Object> json(MoveSeen move) {
    return inOrder(
        "vm", move.vm(),
        "from", move.from(),
        "to", move.to(),
        "predictedMillis", move.predictedMillis(),
        "actualMillis", move.actualMillis(),
        "predictedDowntimeMillis", move.predictedDowntimeMillis(),
        "actualDowntimeMillis", move.actualDowntimeMillis());
  }

  private static Map<String, Object> inOrder(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }

  /** For people, one line each. */
  public List<String> lines() {
    List<String> lines = new java.util.ArrayList<>();
    judgement
        .byName()
        .forEach((name, finding) ->
            lines.add(
                "  %-4s %-18s %s"
                    .formatted(finding.happened() ? "yes" : "NO", words(name), finding.why())));
    lines.add("");
    lines.add("  moves");
    if (moves.isEmpty()) {
      lines.add("    none");
    }
    for (MoveSeen move : moves) {
      lines.add(
          "    %-6s %s -> %s   took %s (predicted %s), stood still %s (predicted %s)%s"
              .formatted(
                  move.vm(),
                  move.from(),
                  move.to(),
                  seconds(move.actualMillis()),
                  seconds(move.predictedMillis()),
                  seconds(move.actualDowntimeMillis()),
                  seconds(move.predictedDowntimeMillis()),
                  move.succeeded() ? "" : "   " + move.outcome()));
    }
    lines.add("");
    lines.add(
        "  forecast error   "
            + (forecastErrorCores < 0 ? "unknown" : "%.3f cores".formatted(forecastErrorCores)));
    lines.add("  host time saved  %.0f s".formatted(hostSecondsSaved));
    lines.add("  first VM after   %.1f s, all in %.0f s".formatted(secondsToFirstVm, secondsTotal));
    lines.add(
        "  guests' verdict  %,d blocks verified, %d lost, %d stale, %d errors%s"
            .formatted(
                verdict.blocksVerified(),
                verdict.lost(),
                verdict.stale(),
                verdict.errors(),
                unheard.isEmpty()
                    ? ""
                    : "; no last verification from " + String.join(", ", unheard)));
    return List.copyOf(lines);
  }

  private static String words(String event) {
    return event.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
  }

  private static String seconds(long millis) {
    return millis < 1_000 ? millis + " ms" : "%.1f s".formatted(millis / 1_000.0);
  }
}
