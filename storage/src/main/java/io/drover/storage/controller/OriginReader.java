package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.disk.Disk;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.version.CloneOrigin;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fills in what a clone never wrote from the snapshot that it hangs under, and so on upwards. */
final class OriginReader {
  private final ControllerContext context;
  private final PeerReader reader;
  private final Optional<CloneOrigin> origin;
  private volatile @Nullable Link link;

  /** The origin as it was found: its path, and where it hangs itself. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Link(CloneOrigin origin, int[] path, OriginReader next) {}

  OriginReader(ControllerContext context, PeerReader reader, Optional<CloneOrigin> origin) {
    this.context = context;
    this.reader = reader;
    this.origin = origin;
  }

  /** The reply with the absent blocks taken from the origin, if there is one that has them. */
  ReadReply fill(int container, BlockSpan span, ReadReply reply, Deadline deadline)
      throws BlockIoException {
    if (origin.isEmpty() || reply.present().cardinality() == span.count()) {
      return reply;
    }
    Link at = link(deadline);
    if (container >= at.origin().sealedSequences().size()) {
      return reply; // the disk was grown after it was cloned
    }
    long sealed = at.origin().sealedSequences().get(container);
    ReadReply below =
        sealed == 0
            ? PeerReader.nothing(span) // nobody had written there when the snapshot was taken
            : reader.read(
                new ContainerId(at.origin().disk(), container), span, at.path(), sealed, deadline);
    return merge(span, reply, at.next().fill(container, span, below, deadline));
  }

  private static ReadReply merge(BlockSpan span, ReadReply above, ReadReply below) {
    int size = span.blockSize();
    ByteBuffer data = ByteBuffer.allocate(span.count() * size);
    for (int i = 0; i < span.count(); i++) {
      ByteBuffer from = (above.present().get(i) ? above : below).data();
      data.put(i * size, from, from.position() + i * size, size);
    }
    BitSet fromBelow = (BitSet) below.present().clone();
    fromBelow.andNot(above.present());
    BitSet zero = (BitSet) below.zero().clone();
    zero.and(fromBelow);
    zero.or(above.zero());
    BitSet present = (BitSet) above.present().clone();
    present.or(fromBelow);
    return new ReadReply(present, data, zero);
  }

  private Link link(Deadline deadline) throws BlockIoException {
    Link found = link;
    while (found == null) {
      CloneOrigin from = origin.orElseThrow();
      try {
        Disk disk = context.metadata().disk(from.disk()).value();
        found =
            new Link(
                from,
                disk.versions().pathToRoot(from.version()),
                new OriginReader(context, reader, disk.origin()));
        link = found;
      } catch (MetadataException.Missing e) {
        throw new BlockIoException(Reason.IO, "origin of the clone is gone: " + e.getMessage(), e);
      } catch (MetadataException e) {
        deadline.check("the origin's metadata: " + e.getMessage());
        deadline.pause(context.settings().retryPause());
      }
    }
    return found;
  }
}
