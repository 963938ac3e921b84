package io.drover.scheduler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.power.PowerMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * How long a large fleet takes to forecast and to plan; not part of the tests. Run it by {@code mvn
 * -pl scheduler -am -Dtest=PlanningBench -Dsurefire.failIfNoSpecifiedTests=false test}; sizes by
 * {@code -Ddrover.bench.hosts} and {@code -Ddrover.bench.vms}.
 */
class PlanningBench {
  private static final Instant NOW = Cluster.NOW;
  private static final int HOSTS = Integer.getInteger("drover.bench.hosts", 100);
  private static final int VMS = Integer.getInteger("drover.bench.vms", 2000);
  private static final int ROUNDS = 15;
  // CPU time, so that a busy machine does not show in the result.
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private final Random random = new Random(1);
  private final ForecastSettings settings = ForecastSettings.production();

  @Test
  void forecastsAndPlans() {
    List<Samples> histories = new ArrayList<>();
    for (int v = 0; v < VMS; v++) {
      histories.add(history(0.3 + 0.5 * random.nextDouble()));
    }
    Forecaster forecaster = new Forecaster(settings);
    Supplier<List<Forecast>> forecast =
        () -> histories.stream().map(h -> forecaster.forecast(h, NOW, 0.25)).toList();
    List<Forecast> forecasts = measure("forecasts of %d machines".formatted(VMS), forecast);

    ClusterState even = state(forecasts, 1);
    ClusterState crowded = state(forecasts, 2);
    Policy policy = Policy.production();
    Plan quiet = measure("plan, evenly loaded", () -> Planner.plan(even, policy, NOW));
    Plan busy =
        measure("plan, a third of the hosts crowded", () -> Planner.plan(crowded, policy, NOW));
    System.out.printf(
        "%d hosts, %d machines of %d samples; actions: %d and %d%n",
        HOSTS, VMS, settings.historySamples(), quiet.actions().size(), busy.actions().size());
    assertThat(busy.actions()).isNotEmpty();
  }

  private <T> T measure(String what, Supplier<T> work) {
    double[] millis = new double[ROUNDS];
    T result = work.get();
    for (int i = 0; i < ROUNDS; i++) {
      long begun = CPU.getCurrentThreadCpuTime();
      result = work.get();
      millis[i] = (CPU.getCurrentThreadCpuTime() - begun) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        "%-36s median %8.1f ms of CPU, best %8.1f, worst %8.1f%n",
        what, millis[ROUNDS / 2], millis[0], millis[ROUNDS - 1]);
    return result;
  }

  /** A full history: levels, noise, a glitch now and then. */
  private Samples history(double usual) {
    int n = settings.historySamples();
    long[] times = new long[n];
    double[] values = new double[n];
    double level = usual;
    for (int i = 0; i < n; i++) {
      times[i] = NOW.toEpochMilli() - 5000L * (n - 1 - i);
      if (random.nextInt(400) == 0) {
        level = usual * (0.5 + random.nextDouble());
      }
      double spike = random.nextInt(300) == 0 ? 1 : 0;
      values[i] = Math.max(0, level * (1 + 0.05 * random.nextGaussian()) + spike);
    }
    return Samples.of(times, values);
  }

  /** Machines spread evenly; or, with a factor of two, a third of the hosts twice as full. */
  private static ClusterState state(List<Forecast> forecasts, int crowding) {
    List<HostView> hosts = new ArrayList<>();
    for (int h = 0; h < HOSTS; h++) {
      hosts.add(
          new HostView(
              "host%04d".formatted(h),
              16,
              256L << 30,
              Platform.ANY,
              HostPower.ON,
              true,
              false,
              Optional.empty(),
              Duration.ofMinutes(2),
              1 << 30));
    }
    List<VmView> vms = new ArrayList<>();
    for (int v = 0; v < forecasts.size(); v++) {
      int spread = v % (HOSTS * 4 / 3);
      int h = crowding == 1 ? v % HOSTS : spread < HOSTS ? spread : (spread - HOSTS) % HOSTS;
      vms.add(
          new VmView(
              "vm%06d".formatted(v),
              Optional.of(hosts.get(h).id()),
              VmCondition.RUNNING,
              forecasts.get(v),
              2,
              0,
              4L << 30,
              1 << 20,
              Platform.ANY,
              Mode.AUTOMATIC,
              Optional.empty(),
              Optional.empty()));
    }
    return new ClusterState(
        hosts, vms, List.of(), List.of(), MigrationModel.fresh(), PowerMemory.fresh());
  }
}
