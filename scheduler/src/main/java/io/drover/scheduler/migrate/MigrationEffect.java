package io.drover.scheduler.migrate;

import io.drover.hostagent.agent.AgentStep;

/** Something the executor has to do for a migration. */
public sealed interface MigrationEffect {

  /** Make the migration's stage durable, then feed {@link MigrationEvent.Recorded}. */
  record Save() implements MigrationEffect {}

  /**
   * Order {@code step} of the host on {@code side} under the name {@code orderStep} and feed back
   * its answer.
   */
  record Perform(Side side, int attempt, AgentStep step, String orderStep)
      implements MigrationEffect {}

  /**
   * Move the placement to the destination and this migration to {@link MigrationStage#RESUME} in
   * one transaction; if its outcome is unknown, find out before feeding anything back.
   */
  record Commit() implements MigrationEffect {}

  /** Feed {@link MigrationEvent.RetryDue} with {@code attempt} after a short wait. */
  record RetryLater(int attempt) implements MigrationEffect {}

  /** The migration ended: forget its intent and count its outcome. */
  record End() implements MigrationEffect {}
}
