package io.drover.hostagent.agent;

import java.util.Optional;

/**
 * Says on whose authority, and as which part of which intent, an agent is asked to do something.
 *
 * <p>An agent carries out an order once and answers a repetition with what it answered first; an
 * order with an epoch older than the newest is refused. A later scheduler's orders are carried out
 * anew, which is safe because every step looks at what is there first.
 *
 * @param schedulerEpoch raised by every scheduler when it takes over
 * @param intentId the intent the step belongs to
 * @param step name of the step, unique within the intent
 * @param recordedStage the stage in which the intent must be recorded in ZooKeeper for the order to
 *     be valid, so that an order that was delayed is refused; empty if the order rests on the
 *     placement of the machine and not on a record
 */
public record Order(
    long schedulerEpoch, String intentId, String step, Optional<String> recordedStage) {
  public Order {
    if (schedulerEpoch < 1) {
      throw new IllegalArgumentException(
          "schedulerEpoch is " + schedulerEpoch + ", accepted: 1 or more");
    }
    if (intentId.isBlank() || step.isBlank()) {
      throw new IllegalArgumentException(
          "intentId and step must not be blank: '" + intentId + "', '" + step + "'");
    }
  }

  /** An order that rests on the machine's placement. */
  public static Order ofPlacement(long schedulerEpoch, String intentId, String step) {
    return new Order(schedulerEpoch, intentId, step, Optional.empty());
  }
}
