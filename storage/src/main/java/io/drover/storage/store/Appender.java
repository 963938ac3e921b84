package io.drover.storage.store;

import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes records at the end of a container's log; its caller has the append lock. */
final class Appender {
  /** Records up to this size are written by one call. */
  private static final int JOINED_BYTES = 64 * 1024;

  private final Container container;

  Appender(Container container) {
    this.container = container;
  }

  /** A record that is there already is no failure. */
  void append(LogRecord record, RecordHeader header, int[] checksums) throws ReplicaException {
    Pool pool = container.pool;
    LogPosition last = container.log.last();
    LogPosition offered = record.position();
    if (offered.sequence() <= last.sequence() && container.log.holds(offered)) {
      return;
    }
    if (offered.sequence() != last.sequence() + 1 || offered.epoch() < last.epoch()) {
      throw new ReplicaException.Gap(container.id, offered, last);
    }
    try {
      if (!pool.space().grant(header.totalBytes())) {
        pool.metrics().refused.labels("full").inc();
        throw new ReplicaException.NoSpace(
            pool.nodeId() + ": the pool has only its reserved space left");
      }
      Segment segment = openSegment(offered.sequence());
      int at = segment.endBytes();
      write(segment, at, header, checksums, record.data());
      container.publish(segment, header, at);
    } catch (IOException e) {
      throw failed(header, e);
    }
  }

  private ReplicaException failed(RecordHeader header, IOException cause) {
    Pool pool = container.pool;
    pool.metrics().refused.labels("error").inc();
    try {
      Segment open = container.log.open();
      if (open != null) {
        open.file.truncate(open.endBytes()); // or a later segment would follow half a record
      }
      if (pool.space().isExhausted(header.totalBytes())) {
        return new ReplicaException.NoSpace(pool.nodeId() + ": the disk of the pool is full");
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return container.health.fail("append", cause);
  }

  private Segment openSegment(long sequence) throws IOException {
    Pool pool = container.pool;
    Segment open = container.log.open();
    if (open != null && open.endBytes() < pool.segmentBytes()) {
      return open;
    }
    Path path = Segment.path(container.directory, sequence);
    StoreFile file = pool.medium().create(path);
    try {
      file.write(new SegmentHeader(sequence, 0, 0).encode(container.salt()), 0);
    } catch (IOException e) {
      file.close();
      pool.medium().delete(path);
      throw e;
    }
    Segment made = new Segment(file, sequence);
    container.publish(made);
    return made;
  }

  private void write(Segment segment, int at, RecordHeader header, int[] checksums, ByteBuffer data)
      throws IOException {
    boolean joined = header.totalBytes() <= JOINED_BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(joined ? header.totalBytes() : header.prefixBytes());
    header.encode(bytes, checksums, container.salt(), segment.firstSequence);
    if (joined) {
      bytes.put(data.duplicate());
    } else {
      segment.file.write(data, at + header.prefixBytes());
    }
    segment.file.write(bytes.flip(), at);
  }
}
