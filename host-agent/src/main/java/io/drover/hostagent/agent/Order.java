package io.drover.hostagent.agent;

/**
 * Says on whose authority, and as which part of which intent, an agent is asked to do something.
 *
 * <p>An agent carries out a pair of intent and step once and answers a repetition with what it
 * answered first, also when it comes from a later scheduler; an order with an epoch older than the
 * newest is refused.
 *
 * @param schedulerEpoch raised by every scheduler when it takes over
 * @param intentId the recorded intent the step belongs to
 * @param step name of the step, unique within the intent
 */
public record Order(long schedulerEpoch, String intentId, String step) {
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
}
