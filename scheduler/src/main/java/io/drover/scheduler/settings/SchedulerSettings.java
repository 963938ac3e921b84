package io.drover.scheduler.settings;

import io.drover.config.ConfigReader;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.scheduler.forecast.LearningSettings;
import io.drover.scheduler.plan.Policy;
import java.time.Duration;

/**
 * Everything under {@code drover.scheduler}; the keys are explained in {@code reference.conf}.
 *
 * @param planInterval between plans
 * @param refreshInterval between looks at the records of machines and hosts
 * @param linkBytesPerSecond what a migration is expected to get
 */
public record SchedulerSettings(
    Duration planInterval,
    Duration refreshInterval,
    long linkBytesPerSecond,
    ExecutionSettings execution,
    ForecastSettings forecast,
    LearningSettings learning,
    Policy policy) {

  private static final int PLANS_OF_A_TREND = 6;

  /** Reads the section; {@code scheduler} stands at {@code drover.scheduler}. */
  public static SchedulerSettings read(ConfigReader scheduler) {
    Duration interval =
        scheduler.duration("plan-interval", Duration.ofMillis(200), Duration.ofHours(1));
    Policy policy = PolicySettings.read(scheduler);
    // A ramp of the fleet's total is looked for in what the plans of the window remembered.
    if (policy.power().trendWindow().compareTo(interval.multipliedBy(PLANS_OF_A_TREND)) < 0) {
      scheduler
          .section("power")
          .reject("trend-window", "at least " + PLANS_OF_A_TREND + " times plan-interval");
    }
    return new SchedulerSettings(
        interval,
        scheduler.duration("refresh-interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
        scheduler.bytes("link", 1024 * 1024, Long.MAX_VALUE),
        ExecutionSettings.read(scheduler.section("execution")),
        ForecastSettingsReader.read(scheduler.section("forecast")),
        learning(scheduler.section("learning")),
        policy);
  }

  private static LearningSettings learning(ConfigReader r) {
    return new LearningSettings(
        r.duration("interval", LearningSettings.LEAST_INTERVAL, LearningSettings.MOST_INTERVAL),
        r.integer("least-slots", LearningSettings.FEWEST_SLOTS, LearningSettings.MOST_SLOTS));
  }
}
