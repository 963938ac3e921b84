package io.drover.scheduler.exec;

import io.drover.scheduler.cost.MigrationEstimate;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.cost.MigrationOutcome;
import io.drover.scheduler.intent.MoveIntent;
import io.drover.scheduler.migrate.Migration;
import io.drover.scheduler.migrate.MigrationEvent;
import io.drover.scheduler.migrate.MigrationStage;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A migration under way, with the times that this scheduler saw itself. */
final class Move {
  private MoveIntent intent;
  private Optional<Instant> stoodStill = Optional.empty();
  private Optional<Instant> wentOn = Optional.empty();
  private Instant endedAt;

  /** A write of its record is under way; another has to follow. */
  boolean writing;

  boolean writeAgain;

  Move(MoveIntent intent, Instant now) {
    this.intent = intent;
    endedAt = now;
  }

  MoveIntent intent() {
    return intent;
  }

  Migration migration() {
    return intent.migration();
  }

  String id() {
    return intent.id();
  }

  String vm() {
    return migration().vm();
  }

  void become(Migration next) {
    intent = intent.with(next);
  }

  /**
   * The machine stands still from the moment its source reports the end of the copying until the
   * destination, or on an undo the source, runs.
   */
  void note(MigrationEvent event, Instant now) {
    if (event instanceof MigrationEvent.StepDone) {
      MigrationStage stage = migration().stage();
      if (stage == MigrationStage.COPY) {
        stoodStill = Optional.of(now);
      } else if (stage == MigrationStage.RESUME) {
        wentOn = Optional.of(now);
      }
    }
  }

  void finish(Instant now) {
    endedAt = now;
  }

  boolean moved() {
    return migration().stage() == MigrationStage.MOVED;
  }

  String outcome() {
    if (moved()) {
      return "moved";
    }
    return migration().stage() == MigrationStage.DEAD ? "restarted" : "undone";
  }

  /** From the begin until the destination ran; until the end if it never did. */
  Duration took() {
    return Duration.between(
        Instant.ofEpochMilli(intent.startedEpochMillis()), wentOn.orElse(endedAt));
  }

  /** As seen from here; what the hypervisor said when an earlier scheduler saw the beginning. */
  Duration downtime() {
    if (stoodStill.isPresent() && wentOn.isPresent()) {
      return Duration.between(stoodStill.get(), wentOn.get());
    }
    return migration().stats().map(stats -> stats.downtime()).orElse(Duration.ZERO);
  }

  MoveInfo info() {
    Migration m = migration();
    return new MoveInfo(
        m.id(),
        m.vm(),
        m.from(),
        m.to(),
        outcome(),
        intent.byHand(),
        intent.startedEpochMillis(),
        intent.predictedMillis(),
        took().toMillis(),
        intent.predictedDowntimeMillis(),
        downtime().toMillis(),
        m.stats().map(stats -> stats.transferredBytes()).orElse(0L),
        intent.memoryBytes(),
        intent.dirtyBytesPerSecond(),
        m.trouble().isEmpty() ? Optional.empty() : Optional.of(m.trouble()));
  }

  /** What a move that ended teaches. */
  static MigrationModel learn(MigrationModel model, MoveInfo move, double linkBytesPerSecond) {
    if (!move.outcome().equals("moved") || move.actualMillis() <= 0) {
      return model;
    }
    MigrationEstimate bare =
        model.bare(move.memoryBytes(), move.dirtyBytesPerSecond(), linkBytesPerSecond);
    return model.learn(
        new MigrationOutcome(
            bare,
            Duration.ofMillis(move.actualMillis()),
            Duration.ofMillis(move.actualDowntimeMillis())));
  }
}
