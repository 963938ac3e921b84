package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a new holder to take over a container: fence its replicas, take the log with the
 * highest position, bring the other formerly in-sync ones to it, and enter those as the in-sync set
 * under the new epoch. What was not in sync is left to be brought up to date later.
 */
final class ContainerOpening {
  private static final Logger log = LoggerFactory.getLogger(ContainerOpening.class);

  private final ContainerId id;
  private final HeldLease lease;
  private final DiskPolicy policy;
  private final ControllerSettings settings;
  private final DiskMetadata metadata;
  private final ReplicaDirectory replicas;

  ContainerOpening(
      ContainerId id,
      HeldLease lease,
      DiskPolicy policy,
      ControllerSettings settings,
      DiskMetadata metadata,
      ReplicaDirectory replicas) {
    this.id = id;
    this.lease = lease;
    this.policy = policy;
    this.settings = settings;
    this.metadata = metadata;
    this.replicas = replicas;
  }

  /** An attempt that may succeed when it is made again. */
  static final class NotYet extends Exception {
    private static final long serialVersionUID = 1L;

    NotYet(String message, Throwable cause) {
      super(message, cause);
    }

    NotYet(String message) {
      super(message);
    }
  }

  /** A fenced replica. */
  private record Fenced(ReplicaService service, ContainerState state) {}

  /**
   * Makes the attempt.
   *
   * @throws NotYet when too few replicas, or the metadata, answered
   * @throws BlockIoException with FENCED when the lease is gone
   */
  LogBase attempt() throws NotYet, BlockIoException {
    try {
      Versioned<ContainerMembers> before = metadata.container(id);
      ContainerMembers members = before.value();
      if (members.epoch() > lease.epoch()) {
        throw fenced("epoch " + members.epoch() + " is in the metadata");
      }
      Map<String, Fenced> reached = fence(members);
      Map<String, ContainerState> states = new LinkedHashMap<>();
      reached.forEach((node, fenced) -> states.put(node, fenced.state()));
      return switch (RecoveryRule.decide(members, states, policy.minInSync())) {
        case RecoveryRule.Decision.Wait wait -> throw new NotYet(wait.reason());
        case RecoveryRule.Decision.Follow follow -> {
          if (!follow.allFenced()) {
            lease.awaitEarlierHolderSilent(settings.leaseInterval());
          }
          yield follow(before, follow, reached);
        }
      };
    } catch (MetadataException.LeaseTaken | MetadataException.Missing e) {
      throw fenced(String.valueOf(e.getMessage()));
    } catch (MetadataException e) {
      throw new NotYet("the metadata does not answer: " + e.getMessage(), e);
    } catch (ReplicaException.Fenced e) {
      throw fenced(String.valueOf(e.getMessage()));
    } catch (ReplicaException e) {
      throw new NotYet(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted();
    }
  }

  private BlockIoException fenced(String why) {
    return new BlockIoException(Reason.FENCED, "disk " + id.disk() + " has another holder: " + why);
  }

  private Map<String, Fenced> fence(ContainerMembers members) throws ReplicaException {
    ReplicaCalls.Answers<Fenced> all =
        ReplicaCalls.onAll(
            members.replicas(),
            settings.replicaTimeout(),
            node -> {
              ReplicaService service = replicas.connect(node);
              return new Fenced(service, service.fence(id, lease.epoch(), members.neverOpened()));
            });
    for (Map.Entry<String, ReplicaException> failure : all.failures().entrySet()) {
      if (failure.getValue() instanceof ReplicaException.Fenced) {
        throw failure.getValue();
      }
      log.atInfo()
          .addKeyValue("disk", id.disk())
          .addKeyValue("container", id.index())
          .addKeyValue("node", failure.getKey())
          .addKeyValue("cause", failure.getValue().getMessage())
          .log("replica not fenced");
    }
    return all.answers();
  }

  private LogBase follow(
      Versioned<ContainerMembers> before,
      RecoveryRule.Decision.Follow decision,
      Map<String, Fenced> reached)
      throws ReplicaException, MetadataException {
    Fenced source = get(reached, decision.source());
    List<LogBase.Start> started = new ArrayList<>();
    for (String node : decision.survivors()) {
      Fenced one = get(reached, node);
      long durable =
          node.equals(decision.source())
              ? one.state().durableSequence()
              : bringTo(source, one, node);
      started.add(new LogBase.Start(node, one.service(), one.state().bootId(), durable));
    }
    ContainerMembers next = before.value().with(lease.epoch(), decision.survivors());
    Versioned<ContainerMembers> entered =
        next.equals(before.value())
            ? before
            : metadata.replaceContainer(id, lease.version(), before.version(), next);
    log.atInfo()
        .addKeyValue("disk", id.disk())
        .addKeyValue("container", id.index())
        .addKeyValue("epoch", lease.epoch())
        .addKeyValue("node", decision.source())
        .addKeyValue("sequence", source.state().last().sequence())
        .addKeyValue("inSync", decision.survivors())
        .addKeyValue("before", before.value().inSync())
        .log("container opened");
    return new LogBase(entered, source.state(), started);
  }

  /** Makes a log equal to the source's; returns how far it is durable. */
  private long bringTo(Fenced source, Fenced target, String node) throws ReplicaException {
    LogPosition at = RecoveryRule.keep(target.state(), source.state());
    if (target.state().damagedSequence() > 0) {
      requireReadable(source, at);
    }
    if (at.compareTo(target.state().last()) < 0 || target.state().damagedSequence() > 0) {
      target.service().truncate(id, lease.epoch(), at);
    }
    long durable = Math.min(target.state().durableSequence(), at.sequence());
    while (at.compareTo(source.state().last()) < 0) {
      List<CompletableFuture<Void>> appends = new ArrayList<>();
      for (LogRecord record : fetch(source, at)) {
        appends.add(target.service().append(new AppendRequest(id, lease.epoch(), 0, record)));
        at = record.position();
      }
      ReplicaCalls.all(appends, settings.replicaTimeout(), node);
    }
    return durable;
  }

  /**
   * Before a damaged log is cut: if the source turns out to be damaged behind that, each of the two
   * may have what the other has lost.
   */
  private void requireReadable(Fenced source, LogPosition after) throws ReplicaException {
    LogPosition at = after;
    while (at.compareTo(source.state().last()) < 0) {
      at = fetch(source, at).getLast().position();
    }
  }

  private List<LogRecord> fetch(Fenced source, LogPosition after) throws ReplicaException {
    List<LogRecord> records =
        source.service().fetch(id, lease.epoch(), after, settings.fetchBytes()).records();
    if (records.isEmpty()) {
      throw new ReplicaException.Unreachable(
          "the log of container " + id + " to be taken over ends before its end", null);
    }
    return records;
  }

  private static Fenced get(Map<String, Fenced> reached, String node) {
    Fenced fenced = reached.get(node);
    if (fenced == null) {
      throw new IllegalStateException(node + " was chosen and not fenced");
    }
    return fenced;
  }
}
