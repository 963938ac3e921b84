package io.drover.scheduler.exec;

import io.drover.scheduler.forecast.Verdict;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.List;

/**
 * What a scheduler counts. One per process; gauges are cleared when this node is scheduler no more,
 * so that they come from one node at a time.
 */
public final class SchedulerMetrics {
  final Gauge active;
  final Gauge epoch;
  final Gauge lastPlan;
  final Histogram planSeconds;
  final Counter plans;
  final Counter actions;
  final Counter migrations;
  final Gauge migrationsOpen;
  final Histogram migrationSeconds;
  final Histogram downtimeSeconds;
  final Histogram durationError;
  final Counter starts;
  final Counter standbys;
  final Counter wakes;
  final Counter powerFailures;
  final Gauge hostStandby;
  final Gauge hostUnreachable;
  final Gauge demand;
  final Gauge forecastError;
  final Gauge forecastCovered;
  final Counter learnedJudged;
  final Counter learnedError;
  final Counter learnedMissed;
  final Counter hostSecondsSaved;
  final Counter recordFailures;

  private final List<Gauge> gauges;

  public SchedulerMetrics(CollectorRegistry registry) {
    active = gauge("active", "1 on the node that is scheduler").register(registry);
    epoch = gauge("epoch", "Epoch with which it took over").register(registry);
    lastPlan =
        gauge("last_plan_timestamp_seconds", "When the newest plan was made").register(registry);
    planSeconds =
        Histogram.build(name("plan_seconds"), "Time to make a plan, forecasts included")
            .buckets(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
            .register(registry);
    plans = counter("plans_total", "Plans made").register(registry);
    actions =
        counter("actions_total", "Planned actions that were begun")
            .labelNames("kind")
            .register(registry);
    migrations =
        counter("migrations_total", "Migrations that ended, by outcome")
            .labelNames("outcome")
            .register(registry);
    for (String outcome : List.of("moved", "undone", "restarted")) {
      migrations.labels(outcome);
    }
    migrationsOpen = gauge("migrations_open", "Migrations under way").register(registry);
    migrationSeconds =
        Histogram.build(name("migration_seconds"), "Time of a migration that moved its machine")
            .buckets(0.3, 1, 3, 10, 30, 100, 300, 1000)
            .register(registry);
    downtimeSeconds =
        Histogram.build(
                name("migration_downtime_seconds"), "How long migrated machines stood still")
            .buckets(0.03, 0.1, 0.3, 1, 3, 10, 30)
            .register(registry);
    durationError =
        Histogram.build(
                name("migration_prediction_error_ratio"),
                "Difference of predicted and actual time of a migration, as a share of the actual")
            .buckets(0.1, 0.2, 0.5, 1, 2, 5)
            .register(registry);
    starts =
        counter("vm_starts_total", "Machines started from their disks, by why")
            .labelNames("why")
            .register(registry);
    standbys = counter("standbys_total", "Hosts powered off").register(registry);
    wakes = counter("wakes_total", "Hosts powered on").register(registry);
    powerFailures =
        counter("power_failures_total", "Failures of the power driver").register(registry);
    hostStandby =
        gauge("host_standby", "1 for a host that sleeps by plan")
            .labelNames("host")
            .register(registry);
    hostUnreachable =
        gauge("host_unreachable", "1 for a host that should report and does not")
            .labelNames("host")
            .register(registry);
    demand = gauge("demand_cores", "Decided demand of the whole fleet").register(registry);
    forecastError =
        gauge("forecast_error_cores", "Mean distance of forecasts from what came")
            .register(registry);
    forecastCovered =
        gauge("forecast_covered_ratio", "Share of forecasts whose quantile was not exceeded")
            .register(registry);
    learnedJudged =
        counter("learned_forecasts_total", "Learned forecasts whose time has come, by how far")
            .labelNames("horizon")
            .register(registry);
    learnedError =
        counter("learned_error_cores_total", "Sum of how far their middles were off")
            .labelNames("horizon")
            .register(registry);
    learnedMissed =
        counter("learned_missed_total", "Those whose quantile was passed by what came")
            .labelNames("horizon", "quantile")
            .register(registry);
    for (Verdict.Reach reach : Verdict.Reach.values()) {
      learnedJudged.labels(reach.label());
      learnedError.labels(reach.label());
      for (double quantile : Verdict.QUANTILES) {
        learnedMissed.labels(reach.label(), String.valueOf(quantile));
      }
    }
    hostSecondsSaved =
        counter("host_saved_seconds_total", "Time that hosts spent in standby").register(registry);
    recordFailures =
        counter("record_failures_total", "Records that could not be read or written in a try")
            .register(registry);
    gauges =
        List.of(
            active,
            epoch,
            lastPlan,
            migrationsOpen,
            hostStandby,
            hostUnreachable,
            demand,
            forecastError,
            forecastCovered);
    stopped();
  }

  /** This node is scheduler no more: alerts must not go by what it knew. */
  void stopped() {
    gauges.forEach(Gauge::clear);
    active.set(0);
  }

  /** Counts what came of a learned forecast. */
  void judged(Verdict verdict) {
    String reach = verdict.reach().label();
    learnedJudged.labels(reach).inc();
    learnedError.labels(reach).inc(verdict.error());
    for (int q = 0; q < verdict.passed(); q++) {
      learnedMissed.labels(reach, String.valueOf(Verdict.QUANTILES.get(q))).inc();
    }
  }

  private static String name(String what) {
    return "drover_scheduler_" + what;
  }

  private static Gauge.Builder gauge(String what, String help) {
    return Gauge.build(name(what), help);
  }

  private static Counter.Builder counter(String what, String help) {
    return Counter.build(name(what), help);
  }
}
