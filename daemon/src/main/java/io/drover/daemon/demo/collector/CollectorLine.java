package io.drover.daemon.demo.collector;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.drover.daemon.demo.guest.Verdict;
import java.util.List;
import java.util.Map;

/** One line between the collector and the demo that started it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CollectorLine.Loads.class, name = "loads"),
  @JsonSubTypes.Type(value = CollectorLine.Stay.class, name = "stay"),
  @JsonSubTypes.Type(value = CollectorLine.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = CollectorLine.Silence.class, name = "silence"),
  @JsonSubTypes.Type(value = CollectorLine.Guests.class, name = "guests"),
})
public sealed interface CollectorLine {

  /** To the collector: what each guest shall demand from now on. */
  record Loads(Map<String, Integer> millicores) implements CollectorLine {
    public Loads {
      millicores = Map.copyOf(millicores);
    }
  }

  /** To the collector: go on when the demo ends. */
  record Stay() implements CollectorLine {}

  /** From the collector: it listens. */
  record Ready(int port) implements CollectorLine {}

  /** From the collector: a guest was silent for longer than its beat explains, and is back. */
  record Silence(String vm, long endedEpochMillis, long millis) implements CollectorLine {}

  /** From the collector, twice a second: all guests heard of so far. */
  record Guests(List<Guest> guests) implements CollectorLine {
    public Guests {
      guests = List.copyOf(guests);
    }
  }

  /**
   * One guest.
   *
   * @param silentMillis since its last beat; -1 before the first
   * @param lives how often it has started, as far as its counters tell
   * @param verdict over all its lives
   * @param verdictRound round that had been acknowledged when the guest began the verification that
   *     it finished last
   */
  record Guest(
      String vm,
      boolean connected,
      long beats,
      long silentMillis,
      int lives,
      int loadMillicores,
      Verdict verdict,
      long verdictRound) {}

  JsonMapper JSON = JsonMapper.builder().build();

  /** One line without its end. */
  default String toJson() {
    try {
      return JSON.writerFor(CollectorLine.class).writeValueAsString(this);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(
          "records of strings and numbers always have a JSON form", impossible);
    }
  }

  /** Reads a line. */
  static CollectorLine parse(String line) throws JsonProcessingException {
    return JSON.readValue(line, CollectorLine.class);
  }
}
