package io.drover.scheduler.migrate;

import java.util.List;

/** What becomes of a migration after an event, and what has to be done for it, in order. */
public record MigrationTransition(Migration migration, List<MigrationEffect> effects) {
  public MigrationTransition {
    effects = List.copyOf(effects);
  }

  static MigrationTransition of(Migration migration, MigrationEffect... effects) {
    return new MigrationTransition(migration, List.of(effects));
  }
}
