package io.drover.storage.store;

import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord.Kind;
import io.drover.storage.replica.ReplicaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes what is in a container's log: cuts its end, puts blocks back. */
final class ContainerEditor {
  private static final Logger logger = LoggerFactory.getLogger(ContainerEditor.class);

  private final Container container;
  private final ContainerReader reader;

  ContainerEditor(Container container, ContainerReader reader) {
    this.container = container;
    this.reader = reader;
  }

  /**
   * Cuts what follows a position.
   *
   * <p>The flush mark is lowered first, so that a crash on the way finds no damage; files go from
   * the end, so that it finds no hole.
   */
  void truncate(long epoch, LogPosition to) throws ReplicaException {
    container.lockAll();
    try {
      container.admitLocked(epoch);
      container.health.checkNotFailed();
      LogPosition last = container.log.last();
      if (!container.log.holds(to)) {
        throw new ReplicaException.Diverged(container.id, to, last);
      }
      try {
        cut(to);
      } catch (IOException e) {
        throw container.health.fail("truncate", e);
      }
      container.sync();
      logger
          .atInfo()
          .addKeyValue("node", container.pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("last", to)
          .addKeyValue("former", last)
          .log("log cut");
    } finally {
      container.unlockAll();
    }
  }

  private void cut(LogPosition to) throws IOException {
    Medium medium = container.pool.medium();
    if (container.mark.position().sequence() > to.sequence()) {
      container.mark.write(to);
    }
    List<Segment> former = List.copyOf(container.log.segments());
    container.cut(to);
    for (Segment segment : former) {
      if (segment.firstSequence > to.sequence()) {
        segment.file.close();
      }
    }
    for (Path file : Segment.files(container.directory).reversed()) {
      if (Segment.firstSequence(file) > to.sequence()) {
        medium.delete(file);
      }
    }
    medium.forceDirectory(container.directory);
    List<Segment> left = container.log.segments();
    if (!left.isEmpty()) {
      cutTail(left.getLast());
    }
  }

  private void cutTail(Segment tail) throws IOException {
    if (tail.isCompacted()) {
      SegmentHeader header =
          new SegmentHeader(tail.firstSequence, tail.lastSequence(), tail.endBytes());
      tail.file.write(header.encode(container.salt()), 0);
      tail.file.force(); // before the records go: a shorter file with the old header is damage
    }
    tail.file.truncate(tail.endBytes());
    tail.file.force();
  }

  /** Writes a block back in place, if it is what the record held. */
  void repair(long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException {
    container.admit(epoch);
    container.editLock.lock();
    try {
      container.health.checkNotFailed();
      Place place = place(block, version, sequence);
      RecordHeader header = place.header;
      ByteBuffer prefix = ByteBuffer.allocate(header.prefixBytes());
      if (!reader.readPrefix(place.segment, place.offset, header, prefix)) {
        throw container.health.damage(sequence);
      }
      int i = block - header.firstBlock();
      if (data.remaining() != header.blockSizeBytes()
          || Checksum.of(data) != RecordHeader.blockChecksum(prefix, 0, i)) {
        throw new ReplicaException.Superseded(
            "repair of block "
                + block
                + " of "
                + container.id
                + ": not the data of record "
                + sequence);
      }
      try {
        place.segment.file.write(
            data, place.offset + header.prefixBytes() + (long) i * header.blockSizeBytes());
        place.segment.file.force();
      } catch (IOException e) {
        throw container.health.fail("repair", e);
      }
      place.segment.unreadable = false;
      container.pool.metrics().repairedBlocks.inc();
      logger
          .atInfo()
          .addKeyValue("node", container.pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("block", block)
          .addKeyValue("version", version)
          .addKeyValue("sequence", sequence)
          .log("block repaired");
    } finally {
      container.editLock.unlock();
    }
  }

  private record Place(Segment segment, int offset, RecordHeader header) {}

  private Place place(int block, int version, long sequence) throws ReplicaException {
    container.lock.lock();
    try {
      ContainerLog log = container.log;
      if (sequence >= 1 && sequence <= log.last().sequence()) {
        Segment segment = log.segmentOf(sequence);
        int at = segment.indexOf(sequence);
        if (at < 0) {
          throw new ReplicaException.Superseded(
              "repair: record " + sequence + " of " + container.id + " is overwritten");
        }
        RecordHeader header = segment.headerAt(at, log.epochs().epochOf(sequence));
        int i = block - header.firstBlock();
        if (header.kind() == Kind.DATA
            && header.version() == version
            && i >= 0
            && i < header.blockCount()) {
          return new Place(segment, segment.offsetAt(at), header);
        }
      }
      throw new ReplicaException.Invalid(
          "repair: record "
              + sequence
              + " of "
              + container.id
              + " holds no block "
              + block
              + " at version "
              + version);
    } finally {
      container.lock.unlock();
    }
  }
}
