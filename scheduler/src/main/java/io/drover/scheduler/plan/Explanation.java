package io.drover.scheduler.plan;

import java.util.List;

/**
 * Why an action is proposed, in numbers and in words. The three sums are in core-seconds, so that
 * they can be compared: a core-second is one core busy, or missing, for a second.
 *
 * @param forecasts the forecasts it rests on, a sentence each
 * @param benefit demand met that would not be, over the time the gain is expected to last
 * @param cost copying, slowed machine and downtime
 * @param risk loss expected if the forecast fails
 * @param alternatives what else was considered and why it lost
 */
public record Explanation(
    String summary,
    List<String> forecasts,
    double benefit,
    double cost,
    double risk,
    List<Alternative> alternatives) {
  public Explanation {
    forecasts = List.copyOf(forecasts);
    alternatives = List.copyOf(alternatives);
  }

  /** Something else that could have been done. */
  public record Alternative(String what, String whyNot) {}
}
