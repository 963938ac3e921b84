package io.drover.daemon.node;

import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.power.ProcessPowerDriver;
import io.drover.hostagent.power.UnswitchedHosts;
import io.drover.hostagent.settings.PowerSettings;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.scheduler.exec.SchedulerDependencies;
import io.drover.scheduler.exec.SchedulerMetrics;
import io.drover.scheduler.exec.SchedulerSingleton;
import io.drover.scheduler.intent.ZooKeeperIntentStore;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a node with the role scheduler is ready to do, should it become the cluster's scheduler. */
final class SchedulerParts {
  static final String ROLE = Role.SCHEDULER.name().toLowerCase(Locale.ROOT);

  private final SchedulerDependencies dependencies;

  SchedulerParts(
      DroverSettings settings,
      CuratorFramework coordination,
      VmCatalog vms,
      HostCatalog hosts,
      ExecutorService executor) {
    String node = settings.node().id();
    dependencies =
        new SchedulerDependencies(
            node,
            vms,
            hosts,
            () -> new ZooKeeperIntentStore(coordination),
            power(settings.agent().power(), executor),
            settings.scheduler(),
            new SchedulerMetrics(CollectorRegistry.defaultRegistry),
            Clock.systemUTC(),
            executor);
  }

  /** Takes part in one actor system; answers how to reach whoever is scheduler. */
  ActorRef<SchedulerInbox> join(ActorSystem<?> system) {
    return SchedulerSingleton.start(system, ROLE, dependencies);
  }

  private static PowerDriver power(PowerSettings power, ExecutorService executor) {
    return switch (power.driver()) {
      case NONE -> new UnswitchedHosts();
      case PROCESS -> new ProcessPowerDriver(power, executor);
    };
  }
}
