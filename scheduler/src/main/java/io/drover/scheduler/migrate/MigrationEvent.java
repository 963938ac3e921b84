package io.drover.scheduler.migrate;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.StepResult;

/** Something that happened to a migration. */
public sealed interface MigrationEvent {

  /** The migration is durable in ZooKeeper as being in {@code stage}. */
  record Recorded(MigrationStage stage) implements MigrationEvent {}

  /** The host did the action with this number. */
  record StepDone(Side side, int attempt, StepResult result) implements MigrationEvent {}

  /** The host tried the action with this number in vain; {@code copy} is what it has now. */
  record StepFailed(Side side, int attempt, CopyState copy, String reason)
      implements MigrationEvent {}

  /** No answer, or the host would not try: whether the action happened is unknown. */
  record StepUnknown(Side side, int attempt, String reason) implements MigrationEvent {}

  /** The commit happened. */
  record Committed() implements MigrationEvent {}

  /** The commit did not happen and cannot any more: the placement was changed by someone. */
  record CommitRefused(String reason) implements MigrationEvent {}

  /** A host has been silent for so long that it is taken for dead. */
  record HostLost(Side side) implements MigrationEvent {}

  /** An operator, or a newer plan, does not want it any more. */
  record Cancel(String reason) implements MigrationEvent {}

  /** The wait that {@link MigrationEffect.RetryLater} asked for after this attempt is over. */
  record RetryDue(int attempt) implements MigrationEvent {}

  /** A new scheduler read the migration from ZooKeeper. */
  record Recovered() implements MigrationEvent {}
}
