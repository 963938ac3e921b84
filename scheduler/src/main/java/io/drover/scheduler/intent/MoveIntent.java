package io.drover.scheduler.intent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.drover.scheduler.migrate.Migration;
import io.drover.scheduler.migrate.MigrationStage;

/**
 * An open migration with what its record keeps beside it.
 *
 * @param byHand an operator asked for it
 * @param reason why it was begun, in words
 * @param dirtyBytesPerSecond what the prediction assumed, so that its error can be learned from
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record MoveIntent(
    Migration migration,
    boolean byHand,
    String reason,
    long startedEpochMillis,
    long predictedMillis,
    long predictedDowntimeMillis,
    long memoryBytes,
    double dirtyBytesPerSecond) {

  public String id() {
    return migration.id();
  }

  /** At the top of the record, where agents look for it. */
  @JsonProperty(value = "stage", access = JsonProperty.Access.READ_ONLY)
  public MigrationStage stage() {
    return migration.stage();
  }

  /** The same intent with its migration at another point. */
  public MoveIntent with(Migration next) {
    return new MoveIntent(
        next,
        byHand,
        reason,
        startedEpochMillis,
        predictedMillis,
        predictedDowntimeMillis,
        memoryBytes,
        dirtyBytesPerSecond);
  }
}
