package io.drover.hostagent.agent;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.List;
import java.util.Locale;

/** What an agent counts. One per process: it outlives the actor that is started anew. */
public final class AgentMetrics {
  final Counter steps;
  final Histogram stepSeconds;
  final Gauge vms;
  final Counter crashes;
  final Counter resumes;
  final Counter orphans;
  final Counter reports;

  public AgentMetrics(CollectorRegistry registry) {
    steps =
        Counter.build("drover_agent_steps_total", "Orders answered, by step and result")
            .labelNames("step", "result")
            .register(registry);
    stepSeconds =
        Histogram.build("drover_agent_step_seconds", "Time from beginning an order to its answer")
            .labelNames("step")
            .buckets(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
            .register(registry);
    vms =
        Gauge.build("drover_agent_vms", "Virtual machines with a copy on this host, by state")
            .labelNames("state")
            .register(registry);
    crashes =
        Counter.build(
                "drover_agent_vm_crashes_total", "Machines whose process ended though nobody asked")
            .register(registry);
    resumes =
        Counter.build(
                "drover_agent_vm_io_resumes_total",
                "Machines that went on after their disks had failed")
            .register(registry);
    orphans =
        Counter.build(
                "drover_agent_orphans_killed_total", "Copies ended because they belong elsewhere")
            .register(registry);
    reports =
        Counter.build("drover_agent_reports_total", "Reports sent to the scheduler")
            .register(registry);
  }

  void showStates(List<AgentReport.VmReport> reported) {
    for (CopyState state : CopyState.values()) {
      double count = reported.stream().filter(vm -> vm.copy().state() == state).count();
      vms.labels(state.name().toLowerCase(Locale.ROOT)).set(count);
    }
  }
}
