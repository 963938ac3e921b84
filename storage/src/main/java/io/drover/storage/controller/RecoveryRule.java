package io.drover.storage.controller;

import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.ContainerState.Presence;
import io.drover.storage.replica.EpochStart;
import io.drover.storage.replica.LogPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what a new lease holder does with the replicas that it could fence. Pure. */
final class RecoveryRule {
  private RecoveryRule() {}

  /** What to do with a container. */
  sealed interface Decision {
    /**
     * Take one log for all.
     *
     * @param source the node whose log is taken
     * @param survivors formerly in-sync nodes that will be in sync, the source included
     * @param allFenced whether every formerly in-sync node was fenced, so that no earlier holder
     *     can read anywhere
     */
    record Follow(String source, List<String> survivors, boolean allFenced) implements Decision {
      public Follow {
        survivors = List.copyOf(survivors);
      }
    }

    /** Too few formerly in-sync replicas answer; try again. */
    record Wait(String reason) implements Decision {}
  }

  /**
   * Chooses the log with the highest last position among the formerly in-sync replicas that
   * answered, once as many did as the policy asks for at least. One that is absent (an emptied
   * pool) is unknown rather than empty: it takes no part, and it is not waited for, since it cannot
   * contribute any more. One with damage can be brought up to date, but not be the source.
   *
   * @param fenced states by node, of those that answered
   */
  static Decision decide(
      ContainerMembers members, Map<String, ContainerState> fenced, int minInSync) {
    List<String> survivors = new ArrayList<>();
    List<String> emptied = new ArrayList<>();
    boolean all = true;
    for (String node : members.inSync()) {
      ContainerState state = fenced.get(node);
      if (state == null) {
        all = false;
      } else if (state.presence() == Presence.PRESENT) {
        survivors.add(node);
      } else {
        emptied.add(node);
      }
    }
    int needed = Math.max(1, Math.min(minInSync, members.inSync().size() - emptied.size()));
    if (survivors.size() < needed) {
      return new Decision.Wait(
          "in-sync replicas are "
              + members.inSync()
              + ", of which "
              + survivors
              + " answer and "
              + emptied
              + " are empty");
    }
    Optional<String> source =
        survivors.stream()
            .filter(n -> state(fenced, n).damagedSequence() == 0)
            .max(Comparator.comparing(n -> state(fenced, n).last()));
    if (source.isEmpty()) {
      return new Decision.Wait("the logs of " + survivors + " are all damaged");
    }
    return new Decision.Follow(source.get(), survivors, all);
  }

  /**
   * Where to cut a replica's log before it gets what follows from the source: at the last common
   * position, and before any damage.
   */
  static LogPosition keep(ContainerState replica, ContainerState source) {
    LogPosition common = replica.commonWith(source);
    return replica.damagedSequence() > 0 && replica.damagedSequence() <= common.sequence()
        ? positionAt(replica, replica.damagedSequence() - 1)
        : common;
  }

  /** The position of a sequence; EMPTY when it lies before the epochs that are known. */
  static LogPosition positionAt(ContainerState state, long sequence) {
    for (EpochStart start : state.epochStarts().reversed()) {
      if (start.firstSequence() <= sequence) {
        return new LogPosition(start.epoch(), sequence);
      }
    }
    return LogPosition.EMPTY;
  }

  private static ContainerState state(Map<String, ContainerState> fenced, String node) {
    ContainerState state = fenced.get(node);
    if (state == null) {
      throw new IllegalArgumentException("no state of " + node);
    }
    return state;
  }
}
