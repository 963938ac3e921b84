package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.block.Extent;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskId;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadReply;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads a disk without its lease: what its holder had acknowledged when the read began is seen, and
 * nothing is cached.
 */
public final class DiskObserver {
  private final ControllerContext context;
  private final PeerReader reader;
  private final DiskId id;
  private volatile Disk disk;

  public DiskObserver(ControllerContext context, Disk disk) {
    this.context = context;
    this.reader = new PeerReader(context);
    this.id = disk.id();
    this.disk = disk;
  }

  /** The disk as it was last seen. */
  public Disk disk() {
    return disk;
  }

  private interface Look {
    void at(Disk disk, Deadline deadline) throws BlockIoException;
  }

  public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
    consistently((now, deadline) -> {
      BlockIoException.requireInside(offsetBytes, into.remaining(), now.sizeBytes());
      for (Striping.Piece piece :
          Striping.pieces(offsetBytes, into.remaining(), now.policy().containerBytes())) {
        int at = into.position() + Math.toIntExact(piece.diskOffset() - offsetBytes);
        read(now, piece, into.slice(at, Math.toIntExact(piece.length())), deadline);
      }
    });
    into.position(into.limit());
  }

  /** Everything may be data: the holder may be writing. */
  public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
    BlockIoException.requireInside(offsetBytes, lengthBytes, disk.sizeBytes());
    return List.of(Extent.data(lengthBytes));
  }

  private void read(Disk now, Striping.Piece piece, ByteBuffer into, Deadline deadline)
      throws BlockIoException {
    int size = now.policy().blockSizeBytes();
    OriginReader origin = new OriginReader(context, reader, now.origin());
    for (BlockSpan span :
        BlockSpan.of(piece.offset(), piece.length(), size).parts(LogRecord.MAX_DATA_BYTES / size)) {
      ReadReply reply =
          reader.read(
              new ContainerId(id, piece.container()),
              span,
              now.versions().currentPath(),
              0,
              deadline);
      ByteBuffer blocks = origin.fill(piece.container(), span, reply, deadline).data();
      span.copyOut(blocks, piece.offset(), into);
    }
  }

  /** Looks again when the holder began a new version meanwhile: its writes are on no old path. */
  private void consistently(Look look) throws BlockIoException {
    Deadline deadline = Deadline.in(context.settings().ioTimeout());
    while (true) {
      try {
        Disk before = context.metadata().disk(id).value();
        disk = before;
        look.at(before, deadline);
        int current = context.metadata().disk(id).value().versions().current();
        if (current == before.versions().current()) {
          return;
        }
      } catch (MetadataException.Missing e) {
        throw new BlockIoException(Reason.IO, "disk " + id + " is gone", e);
      } catch (MetadataException e) {
        deadline.check("the metadata of disk " + id + ": " + e.getMessage());
        deadline.pause(context.settings().retryPause());
      }
    }
  }
}
