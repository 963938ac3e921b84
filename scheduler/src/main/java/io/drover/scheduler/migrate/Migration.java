package io.drover.scheduler.migrate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.StepResult.CopyStats;
import java.util.Optional;

/**
 * One migration: what it is about, where it stands and what is known.
 *
 * @param toEpoch placement epoch that the destination's copy carries; the commit makes it the
 *     placement's
 * @param attempt counts the actions performed, so that each order has a name of its own
 * @param triesInStage how often the action of this stage was tried
 * @param sourceLost the source's host is taken for dead
 * @param sourceSeen answer of the source while deciding
 * @param trouble the first thing that went wrong, empty while nothing did
 */
public record Migration(
    String id,
    String vm,
    String from,
    String to,
    long toEpoch,
    MigrationStage stage,
    int attempt,
    int triesInStage,
    boolean sourceLost,
    boolean destinationLost,
    boolean destinationDead,
    Optional<CopyState> sourceSeen,
    Optional<CopyState> destinationSeen,
    String uri,
    Optional<CopyStats> stats,
    String trouble) {
  public Migration {
    if (from.equals(to)) {
      throw new IllegalArgumentException("migration of " + vm + " from " + from + " to itself");
    }
  }

  /** A migration that has not begun. */
  public static Migration planned(String id, String vm, String from, String to, long toEpoch) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        MigrationStage.PREPARE,
        0,
        0,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty(),
        "");
  }

  /** The host on a side. */
  public String host(Side side) {
    return switch (side) {
      case SOURCE -> from;
      case DESTINATION -> to;
    };
  }

  /** Whether the host on a side is taken for dead. */
  public boolean lost(Side side) {
    return switch (side) {
      case SOURCE -> sourceLost;
      case DESTINATION -> destinationLost;
    };
  }

  /** Whether the outcome can still be the source running. */
  @JsonIgnore
  public boolean undoable() {
    return !stage.committed() && !stage.ended();
  }

  /** The same migration just committed: what the commit records. */
  public Migration committed() {
    return at(MigrationStage.RESUME);
  }

  Migration at(MigrationStage next) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        next,
        attempt,
        0,
        sourceLost,
        destinationLost,
        destinationDead,
        Optional.empty(),
        Optional.empty(),
        uri,
        stats,
        trouble);
  }

  Migration tried() {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt + 1,
        triesInStage + 1,
        sourceLost,
        destinationLost,
        destinationDead,
        sourceSeen,
        destinationSeen,
        uri,
        stats,
        trouble);
  }

  Migration withLost(Side side) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost || side == Side.SOURCE,
        destinationLost || side == Side.DESTINATION,
        destinationDead,
        sourceSeen,
        destinationSeen,
        uri,
        stats,
        trouble);
  }

  Migration withDestinationDead() {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost,
        destinationLost,
        true,
        sourceSeen,
        destinationSeen,
        uri,
        stats,
        trouble);
  }

  Migration withSeen(Side side, CopyState copy) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost,
        destinationLost,
        destinationDead,
        side == Side.SOURCE ? Optional.of(copy) : sourceSeen,
        side == Side.DESTINATION ? Optional.of(copy) : destinationSeen,
        uri,
        stats,
        trouble);
  }

  Migration forgetSeen() {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost,
        destinationLost,
        destinationDead,
        Optional.empty(),
        Optional.empty(),
        uri,
        stats,
        trouble);
  }

  Migration withUri(String known) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost,
        destinationLost,
        destinationDead,
        sourceSeen,
        destinationSeen,
        known,
        stats,
        trouble);
  }

  Migration withStats(Optional<CopyStats> known) {
    return new Migration(
        id,
        vm,
        from,
        to,
        toEpoch,
        stage,
        attempt,
        triesInStage,
        sourceLost,
        destinationLost,
        destinationDead,
        sourceSeen,
        destinationSeen,
        uri,
        known,
        trouble);
  }

  Migration withTrouble(String what) {
    return trouble.isEmpty()
        ? new Migration(
            id,
            vm,
            from,
            to,
            toEpoch,
            stage,
            attempt,
            triesInStage,
            sourceLost,
            destinationLost,
            destinationDead,
            sourceSeen,
            destinationSeen,
            uri,
            stats,
            what)
        : this;
  }
}
