package io.drover.hostagent.agent;

import io.drover.hostagent.host.HostTraits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an agent tells the scheduler every sample interval; also how a new scheduler finds the
 * agents.
 *
 * @param agent where orders for this host go
 * @param startedAt when this agent process was ready
 * @param bootDuration how long the host took from power-on (or process start) to that
 */
public record AgentReport(
    String node,
    ActorRef<AgentCommand> agent,
    Instant at,
    Instant startedAt,
    Duration bootDuration,
    HostTraits traits,
    List<VmReport> vms)
    implements SchedulerInbox {
  public AgentReport {
    vms = List.copyOf(vms);
  }

  /**
   * One machine's copy on the host.
   *
   * @param trouble why it does not run though it should, or empty
   * @param sample demand in the last interval, absent when it could not be taken
   * @param progress how far copying to another host is, when that is under way
   */
  public record VmReport(
      String vm,
      CopyView copy,
      String trouble,
      Optional<Sample> sample,
      Optional<CopyProgress> progress) {}

  /** How far copying is. */
  public record CopyProgress(
      long transferredBytes, long remainingBytes, double dirtyBytesPerSecond) {}
}
