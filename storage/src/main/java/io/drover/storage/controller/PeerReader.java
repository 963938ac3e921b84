package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads containers whose lease this process does not hold: the current content for an observer, or
 * a sealed snapshot for a clone.
 *
 * <p>It speaks under the epoch of the present lease and so fences nobody but earlier holders, which
 * are over anyway. A read of current content counts only if its replica is in sync after it was
 * read, because only then had it every write acknowledged before.
 */
final class PeerReader {
  private final ControllerContext context;

  /**
   * Where sealed content was found; it does not change any more, so this is kept until it fails.
   */
  private final Map<ContainerId, Source> known = new ConcurrentHashMap<>();

  private record Source(ContainerMembers members, long epoch) {}

  PeerReader(ControllerContext context) {
    this.context = context;
  }

  /**
   * Reads blocks of a container.
   *
   * @param sealedSequence of the snapshot, or 0 for the current content
   */
  ReadReply read(ContainerId id, BlockSpan span, int[] path, long sealedSequence, Deadline deadline)
      throws BlockIoException {
    String trouble = "";
    while (true) {
      try {
        Source source = sealedSequence > 0 ? known.get(id) : null;
        if (source == null) {
          source = look(id);
        }
        if (source.members().neverOpened()) {
          return nothing(span);
        }
        List<String> order =
            MembershipRule.readOrder(source.members().inSync(), context.localNode(), 0);
        for (String node : order) {
          ReadRequest request =
              new ReadRequest(
                  id,
                  source.epoch(),
                  span.first(),
                  span.count(),
                  span.blockSize(),
                  path,
                  sealedSequence);
          try {
            ReadReply reply = context.replicas().connect(node).read(request);
            if (sealedSequence > 0) {
              known.put(id, source);
              return reply;
            }
            if (context.metadata().container(id).value().inSync().contains(node)) {
              return reply;
            }
          } catch (ReplicaException.Invalid e) {
            throw new BlockIoException(Reason.IO, "internal error: " + e.getMessage(), e);
          } catch (ReplicaException e) {
            trouble = String.valueOf(e.getMessage());
          }
        }
      } catch (MetadataException e) {
        trouble = String.valueOf(e.getMessage());
      }
      known.remove(id);
      deadline.check("a replica of container " + id + " to read from: " + trouble);
      deadline.pause(context.settings().retryPause());
    }
  }

  private Source look(ContainerId id) throws MetadataException {
    // The lease first: its epoch is then at most that of the sets, or fences an earlier holder.
    long epoch = context.metadata().lease(id.disk()).value().epoch();
    return new Source(context.metadata().container(id).value(), epoch);
  }

  /** The reply of a container without a record. */
  static ReadReply nothing(BlockSpan span) {
    ByteBuffer zeroes = ByteBuffer.allocate(span.count() * span.blockSize());
    return new ReadReply(new BitSet(), zeroes, new BitSet());
  }
}
