package io.drover.hostagent.agent;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/** What an agent counts. */
final class AgentMetrics {
  final Counter steps;
  final Histogram stepSeconds;
  final Gauge vms;
  final Counter reports;

  AgentMetrics(CollectorRegistry registry) {
    steps =
        Counter.build("drover_agent_steps_total", "Orders answered, by step and result")
            .labelNames("step", "result")
            .register(registry);
    stepSeconds =
        Histogram.build("drover_agent_step_seconds", "Time from receiving an order to its answer")
            .labelNames("step")
            .buckets(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
            .register(registry);
    vms =
        Gauge.build("drover_agent_vms", "Virtual machines with a copy on this host, by state")
            .labelNames("state")
            .register(registry);
    reports =
        Counter.build("drover_agent_reports_total", "Reports sent to the scheduler")
            .register(registry);
  }
}
