package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.replica.BlockReference;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads blocks from any in-sync replica, the local one first, and repairs a replica whose block
 * fails its checksum from the one that answered.
 *
 * <p>The caller holds the range, so all replicas hold the same of it.
 */
final class InSyncReader {
  private static final Logger log = LoggerFactory.getLogger(InSyncReader.class);

  private final ReplicatedLog container;
  private final String localNode;
  private final DiskMetrics metrics;
  private int turn;

  InSyncReader(ReplicatedLog container, String localNode, DiskMetrics metrics) {
    this.container = container;
    this.localNode = localNode;
    this.metrics = metrics;
  }

  /** A member to read from, with the session that a failure ends. */
  private record Source(Member member, int session, ReplicaService service) {}

  /** A replica whose blocks are bad. */
  private record Bad(Source source, List<BlockReference> blocks) {}

  /** Tries one replica after another, and waits for one while none answers. */
  ReadReply read(ReadRequest request, Deadline deadline) throws BlockIoException {
    List<Bad> bad = new ArrayList<>();
    Map<String, String> badNodes = new LinkedHashMap<>();
    while (true) {
      List<Source> sources = sources();
      sources.removeIf(s -> badNodes.containsKey(s.member().nodeId));
      for (Source source : sources) {
        try {
          ReadReply reply = source.service().read(request);
          bad.forEach(b -> repair(b, request, reply));
          return reply;
        } catch (ReplicaException.BadBlock e) {
          metrics.badBlocks.inc(e.blocks().size());
          bad.add(new Bad(source, e.blocks()));
          badNodes.put(source.member().nodeId, String.valueOf(e.getMessage()));
        } catch (ReplicaException.Invalid e) {
          throw new BlockIoException(Reason.IO, "internal error: " + e.getMessage(), e);
        } catch (ReplicaException e) {
          container.failed(source.member(), source.session(), e);
        }
      }
      awaitSource(badNodes, deadline);
    }
  }

  private List<Source> sources() throws BlockIoException {
    container.lock.lock();
    try {
      container.requireRunning();
      List<String> readable = new ArrayList<>();
      for (Member member : container.members.values()) {
        if (member.readable()) {
          readable.add(member.nodeId);
        }
      }
      List<Source> sources = new ArrayList<>();
      for (String node : MembershipRule.readOrder(readable, localNode, turn++)) {
        Member member = container.member(node);
        ReplicaService service = member.service;
        if (service != null) {
          sources.add(new Source(member, member.session, service));
        }
      }
      return sources;
    } finally {
      container.lock.unlock();
    }
  }

  private void awaitSource(Map<String, String> bad, Deadline deadline) throws BlockIoException {
    container.lock.lock();
    try {
      while (sources().stream().allMatch(s -> bad.containsKey(s.member().nodeId))) {
        long nanos = deadline.remainingNanos();
        if (nanos <= 0) {
          throw Deadline.missed(
              "a replica to read from" + container.troubles() + (bad.isEmpty() ? "" : ", " + bad));
        }
        if (container.advanced.awaitNanos(nanos) > 0) {
          container.requireRunning();
        }
      }
    } catch (InterruptedException e) {
      throw Deadline.interrupted();
    } finally {
      container.lock.unlock();
    }
  }

  private void repair(Bad bad, ReadRequest request, ReadReply good) {
    for (BlockReference reference : bad.blocks()) {
      int index = reference.block() - request.firstBlock();
      int size = request.blockSizeBytes();
      if (index < 0 || index >= request.blockCount()) {
        continue;
      }
      try {
        bad.source()
            .service()
            .repair(
                container.id,
                container.epoch,
                reference.block(),
                reference.version(),
                reference.sequence(),
                good.data().slice(good.data().position() + index * size, size));
        metrics.repaired.inc();
        log.atWarn()
            .addKeyValue("disk", container.id.disk())
            .addKeyValue("container", container.id.index())
            .addKeyValue("node", bad.source().member().nodeId)
            .addKeyValue("block", reference.block())
            .log("bad block repaired");
      } catch (ReplicaException e) {
        log.atError()
            .addKeyValue("disk", container.id.disk())
            .addKeyValue("container", container.id.index())
            .addKeyValue("node", bad.source().member().nodeId)
            .addKeyValue("block", reference.block())
            .addKeyValue("cause", e.getMessage())
            .log("bad block not repaired");
      }
    }
  }
}
