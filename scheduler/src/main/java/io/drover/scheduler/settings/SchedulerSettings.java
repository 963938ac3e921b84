package io.drover.scheduler.settings;

import io.drover.config.ConfigReader;
import io.drover.predictor.forecast.ForecastSettings;
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
    Policy policy) {

  /** Reads the section; {@code scheduler} stands at {@code drover.scheduler}. */
  public static SchedulerSettings read(ConfigReader scheduler) {
    return new SchedulerSettings(
        scheduler.duration("plan-interval", Duration.ofMillis(200), Duration.ofHours(1)),
        scheduler.duration("refresh-interval", Duration.ofMillis(100), Duration.ofMinutes(1)),
        scheduler.bytes("link", 1024 * 1024, Long.MAX_VALUE),
        ExecutionSettings.read(scheduler.section("execution")),
        ForecastSettingsReader.read(scheduler.section("forecast")),
        PolicySettings.read(scheduler));
  }
}
