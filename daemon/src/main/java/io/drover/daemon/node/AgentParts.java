package io.drover.daemon.node;

import com.sun.management.OperatingSystemMXBean;
import io.drover.hostagent.agent.Agent;
import io.drover.hostagent.agent.AgentCore;
import io.drover.hostagent.agent.AgentDependencies;
import io.drover.hostagent.agent.AgentMetrics;
import io.drover.hostagent.agent.AttachedVmDisks;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.agent.Supervision;
import io.drover.hostagent.agent.ZooKeeperOrderGate;
import io.drover.hostagent.demand.ProcDemandSampler;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostTraits;
import io.drover.hostagent.qemu.QemuDriver;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.settings.CapacitySettings;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlatform;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a node with the role agent does for its VMs; only its actor comes and goes. */
final class AgentParts {
  private final DroverSettings settings;
  private final QemuDriver hypervisor;
  private final AgentCore core;
  private final AgentMetrics metrics = new AgentMetrics(CollectorRegistry.defaultRegistry);
  private final HostTraits traits;
  private final ExecutorService executor;

  private AgentParts(
      DroverSettings settings,
      CuratorFramework coordination,
      StorageParts storage,
      VmCatalog vms,
      HostCatalog hosts,
      QemuDriver hypervisor,
      ExecutorService executor) {
    this.settings = settings;
    this.hypervisor = hypervisor;
    this.executor = executor;
    NodeSettings node = settings.node();
    this.core =
        new AgentCore(
            node.id(),
            node.address(),
            hypervisor,
            new AttachedVmDisks(node.id(), storage.attachments(), storage.catalog()),
            vms,
            hosts,
            new ZooKeeperOrderGate(coordination),
            new ProcDemandSampler(),
            settings.agent(),
            node.dataDir().resolve("samples"),
            metrics);
    this.traits = traits(node, settings.agent(), hypervisor.platform());
  }

  /**
   * Readies the hypervisor and takes over, in the background, the VMs that an earlier process of
   * this node has left running: their disks' clients wait for it.
   */
  static AgentParts start(
      DroverSettings settings,
      CuratorFramework coordination,
      StorageParts storage,
      VmCatalog vms,
      HostCatalog hosts,
      Lifecycle lifecycle,
      ExecutorService executor)
      throws IOException {
    NodeSettings node = settings.node();
    QemuDriver hypervisor =
        lifecycle.add(
            "hypervisor",
            QemuDriver.open(node.id(), settings.agent(), node.dataDir(), node.runDir()));
    AgentParts parts =
        new AgentParts(settings, coordination, storage, vms, hosts, hypervisor, executor);
    lifecycle.add(
        "supervision",
        Supervision.start(node.id(), parts.core, settings.agent().supervision().checkInterval()));
    return parts;
  }

  /** The agent's voice in one actor system; called for each that is started. */
  void join(ActorSystem<?> system, ActorRef<SchedulerInbox> scheduler) {
    AgentSettings agent = settings.agent();
    Agent.start(
        system,
        new AgentDependencies(
            settings.node().id(),
            traits,
            Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
            core,
            scheduler,
            agent.sampleInterval(),
            metrics,
            Clock.systemUTC(),
            executor));
  }

  /** What a VM made for this host is recorded with. */
  VmPlatform platform() {
    return hypervisor.platform();
  }

  /** Where a VM's serial console is kept. */
  Path consoleLog(VmId vm) {
    return hypervisor.consoleLog(vm);
  }

  private static HostTraits traits(NodeSettings node, AgentSettings agent, VmPlatform platform) {
    CapacitySettings capacity = agent.capacity();
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new HostTraits(
        capacity.cpuCores() > 0 ? capacity.cpuCores() : machine.getAvailableProcessors(),
        capacity.memoryBytes() > 0 ? capacity.memoryBytes() : machine.getTotalMemorySize(),
        node.address(),
        platform.accelerator().name().toLowerCase(Locale.ROOT),
        platform.machineType(),
        platform.cpuModel(),
        sleepBlocker(node));
  }

  private static String sleepBlocker(NodeSettings node) {
    if (node.has(Role.STORAGE)) {
      return "it keeps replicas of disks";
    }
    return node.has(Role.COORDINATION) ? "it is a coordination peer" : "";
  }
}
