package io.drover.hostagent.agent;

import io.drover.hostagent.demand.DemandSampler;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.vm.VmCatalog;
import io.prometheus.client.CollectorRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an agent is made of.
 *
 * @param bootDuration how long this host took from power-on, or the node from its start, until now
 * @param scheduler where reports go: the proxy of the scheduler singleton
 * @param blocking runs what blocks; a virtual thread per task is right
 */
public record AgentDependencies(
    String node,
    AgentReport.HostTraits traits,
    Duration bootDuration,
    HypervisorDriver hypervisor,
    VmDisks disks,
    VmCatalog catalog,
    HostCatalog hosts,
    OrderGate gate,
    DemandSampler sampler,
    ActorRef<? super AgentReport> scheduler,
    AgentSettings settings,
    CollectorRegistry metrics,
    Clock clock,
    Executor blocking) {}
