package io.drover.scheduler.exec;

import io.drover.scheduler.view.SchedulerView.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What operators asked for, and how it goes.
 *
 * <p>How an operation goes is read off the cluster, not off the order that began it, so that one
 * that was helped along by something else counts as done. Bounded: the oldest that ended are
 * forgotten.
 */
final class Operations {
  private static final int REMEMBERED = 1000;

  private final Map<String, Open> open = new LinkedHashMap<>();
  private final LinkedHashMap<String, Operation> ended = new LinkedHashMap<>();

  /** How far an operation is. */
  record Progress(String phase, boolean done, boolean succeeded, String message) {
    static Progress going(String phase) {
      return new Progress(phase, false, false, "");
    }

    static Progress succeeded(String phase, String message) {
      return new Progress(phase, true, true, message);
    }

    static Progress failed(String phase, String message) {
      return new Progress(phase, true, false, message);
    }
  }

  private record Open(String id, String kind, String subject, Supplier<Progress> look) {
    Operation now() {
      Progress p = look.get();
      return new Operation(id, kind, subject, p.phase(), p.done(), p.succeeded(), p.message());
    }
  }

  void begin(String id, String kind, String subject, Supplier<Progress> look) {
    open.put(id, new Open(id, kind, subject, look));
  }

  /** Moves operations that ended to where they are remembered. */
  void review() {
    for (Open one : List.copyOf(open.values())) {
      Operation now = one.now();
      if (now.done()) {
        open.remove(one.id());
        ended.put(now.id(), now);
        SchedulerLog.event(
            "operation %s: %s %s %s %s"
                .formatted(now.id(), now.kind(), now.subject(), now.phase(), now.message())
                .strip());
      }
    }
    while (ended.size() > REMEMBERED) {
      ended.pollFirstEntry();
    }
  }

  Optional<Operation> find(String id) {
    Open one = open.get(id);
    return one == null ? Optional.ofNullable(ended.get(id)) : Optional.of(one.now());
  }

  /** Id of the newest open operation on a subject; empty if there is none. */
  String openOn(String subject) {
    List<Open> all = new ArrayList<>(open.values());
    return all.reversed().stream()
        .filter(one -> one.subject().equals(subject))
        .map(Open::id)
        .findFirst()
        .orElse("");
  }

  int count() {
    return open.size();
  }
}
