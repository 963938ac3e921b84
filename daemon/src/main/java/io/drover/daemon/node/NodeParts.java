package io.drover.daemon.node;

import io.drover.daemon.api.ApiRouter;
import io.drover.daemon.api.AttachRoutes;
import io.drover.daemon.api.ConsoleRoutes;
import io.drover.daemon.api.DiskRoutes;
import io.drover.daemon.api.PassOn;
import io.drover.daemon.api.SchedulerRoutes;
import io.drover.daemon.api.VmRoutes;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.ZooKeeperHostCatalog;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.ZooKeeperVmCatalog;
import io.drover.scheduler.exec.SchedulerSingleton;
import io.drover.storage.attach.DiskAttachments;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The parts that follow from a node's roles, and how they meet the HTTP interface and the actors.
 */
final class NodeParts {
  private final VmCatalog vms;
  private final HostCatalog hosts;
  private final StorageParts storage;
  private final Optional<AgentParts> agent;
  private final Optional<SchedulerParts> scheduler;
  private final SchedulerGateway gateway;

  private NodeParts(
      VmCatalog vms,
      HostCatalog hosts,
      StorageParts storage,
      Optional<AgentParts> agent,
      Optional<SchedulerParts> scheduler,
      SchedulerGateway gateway) {
    this.vms = vms;
    this.hosts = hosts;
    this.storage = storage;
    this.agent = agent;
    this.scheduler = scheduler;
    this.gateway = gateway;
  }

  /** Starts what needs no membership. */
  static NodeParts start(
      DroverSettings settings,
      CuratorFramework coordination,
      Lifecycle lifecycle,
      ExecutorService executor)
      throws IOException {
    NodeSettings node = settings.node();
    VmCatalog vms = new ZooKeeperVmCatalog(coordination);
    HostCatalog hosts = new ZooKeeperHostCatalog(coordination);
    StorageParts storage = StorageParts.start(settings, coordination, lifecycle);
    Optional<AgentParts> agent =
        node.has(Role.AGENT)
            ? Optional.of(
                AgentParts.start(settings, coordination, storage, vms, hosts, lifecycle, executor))
            : Optional.empty();
    Optional<SchedulerParts> scheduler =
        node.has(Role.SCHEDULER)
            ? Optional.of(new SchedulerParts(settings, coordination, vms, hosts, executor))
            : Optional.empty();
    return new NodeParts(
        vms,
        hosts,
        storage,
        agent,
        scheduler,
        new SchedulerGateway(settings.api().requestTimeout()));
  }

  /** Starts the actors, in each actor system anew. */
  void join(ActorContext<Void> context) {
    ActorSystem<?> system = context.getSystem();
    ActorRef<SchedulerInbox> proxy =
        scheduler.isPresent()
            ? scheduler.get().join(system)
            : SchedulerSingleton.proxy(system, SchedulerParts.ROLE);
    gateway.use(system, proxy);
    agent.ifPresent(parts -> parts.join(system, proxy));
  }

  /** Asks the scheduler. */
  SchedulerGateway scheduler() {
    return gateway;
  }

  /** Adds the routes of disks, VMs, hosts and plans. */
  void register(ApiRouter router, PassOn passOn) {
    Optional<DiskAttachments> attachments = agent.map(parts -> storage.attachments());
    DiskRoutes.register(router, storage.catalog(), vms, attachments, passOn);
    AttachRoutes.register(
        router, storage.catalog(), vms, attachments, storage.nbdAddress(), passOn);
    VmRoutes.register(
        router, vms, hosts, storage.catalog(), agent.map(AgentParts::platform), gateway, passOn);
    ConsoleRoutes.register(router, vms, agent.map(parts -> parts::consoleLog), passOn);
    SchedulerRoutes.register(router, gateway);
  }
}
