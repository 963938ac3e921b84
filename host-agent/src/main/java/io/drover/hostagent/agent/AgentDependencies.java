package io.drover.hostagent.agent;

import io.drover.hostagent.host.HostTraits;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an agent's actor is made of.
 *
 * @param bootDuration how long this host took from power-on, or the node from its start, until now
 * @param core made once per process, handed to every actor that is started in it
 * @param scheduler where reports go: the proxy of the scheduler singleton
 * @param sampleInterval between reports
 * @param blocking runs what blocks; a virtual thread per task is right
 */
public record AgentDependencies(
    String node,
    HostTraits traits,
    Duration bootDuration,
    AgentCore core,
    ActorRef<? super AgentReport> scheduler,
    Duration sampleInterval,
    AgentMetrics metrics,
    Clock clock,
    Executor blocking) {}
