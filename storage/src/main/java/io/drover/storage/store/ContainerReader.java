package io.drover.storage.store;

import io.drover.storage.replica.BlockReference;
import io.drover.storage.replica.LogChunk;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.LogRecord.Kind;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of one container.
 *
 * <p>What is to be read is looked up under the container's lock and read without it. When something
 * does not match, the container may have been cut or compacted meanwhile, which its generation
 * tells: then the read is repeated, else the disk is at fault.
 */
final class ContainerReader {
  private static final Logger logger = LoggerFactory.getLogger(ContainerReader.class);

  /** A record up to this size is read whole, which saves a call. */
  private static final int WHOLE_BYTES = 16 * 1024;

  private final Container container;

  ContainerReader(Container container) {
    this.container = container;
  }

  /**
   * Neighbouring blocks of a read that lie in one record; without a segment for those made zero.
   *
   * @param from index of the first of them in the request
   */
  private record Extent(@Nullable Segment segment, int offset, RecordHeader header, int from) {}

  /** A record of a fetch; without a segment when it was compacted away. */
  private record Found(@Nullable Segment segment, int offset, RecordHeader header) {}

  /** What went wrong, to be believed only if the generation did not move. */
  private record Findings(List<BlockReference> bad, List<Long> damaged) {
    Findings() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    boolean isEmpty() {
      return bad.isEmpty() && damaged.isEmpty();
    }
  }

  ReadReply read(ReadRequest q) throws ReplicaException {
    container.admit(q.epoch());
    while (true) {
      container.health.checkReadable();
      long generation = container.generation();
      Findings findings = new Findings();
      ReadReply reply = read(q, findings);
      if (findings.isEmpty()) {
        container.pool.metrics().readBytes.inc(reply.data().capacity());
        return reply;
      }
      if (generation == container.generation()) {
        throw report(findings);
      }
    }
  }

  private ReadReply read(ReadRequest q, Findings findings) throws ReplicaException {
    BitSet present = new BitSet(q.blockCount());
    BitSet zero = new BitSet();
    ByteBuffer data = ByteBuffer.allocate(q.blockCount() * q.blockSizeBytes());
    List<Integer> counts = new ArrayList<>();
    List<Extent> extents = plan(q, counts);
    for (int i = 0; i < extents.size(); i++) {
      Extent extent = extents.get(i);
      int count = counts.get(i);
      present.set(extent.from, extent.from + count);
      if (extent.segment == null) {
        zero.set(extent.from, extent.from + count);
      } else {
        read(q, extent, extent.segment, count, data, findings);
      }
    }
    return new ReadReply(present, data, zero);
  }

  private List<Extent> plan(ReadRequest q, List<Integer> counts) throws ReplicaException {
    List<Extent> extents = new ArrayList<>();
    container.lock.lock();
    try {
      ContainerLog log = container.log;
      if (log.last().sequence() < q.sealedSequence()) {
        throw new ReplicaException.Behind(container.id, q.sealedSequence(), log.last());
      }
      long former = 0;
      for (int i = 0; i < q.blockCount(); i++) {
        long sequence = log.index().find(q.firstBlock() + i, q.versionPath());
        if (sequence != 0 && sequence == former) {
          counts.set(counts.size() - 1, counts.getLast() + 1);
        } else if (sequence != 0) {
          extents.add(extent(q, sequence, i));
          counts.add(1);
        }
        former = sequence;
      }
    } finally {
      container.lock.unlock();
    }
    return extents;
  }

  private Extent extent(ReadRequest q, long sequence, int from) throws ReplicaException {
    Segment segment = container.log.segmentOf(sequence);
    int at = segment.indexOf(sequence);
    RecordHeader header = segment.headerAt(at, container.log.epochs().epochOf(sequence));
    if (header.kind() == Kind.ZERO) {
      return new Extent(null, 0, header, from);
    }
    if (header.blockSizeBytes() != q.blockSizeBytes()) {
      throw new ReplicaException.Invalid(
          "read of blocks of "
              + q.blockSizeBytes()
              + " bytes: "
              + container.id
              + " has blocks of "
              + header.blockSizeBytes());
    }
    return new Extent(segment, segment.offsetAt(at), header, from);
  }

  private void read(
      ReadRequest q, Extent extent, Segment segment, int count, ByteBuffer data, Findings findings)
      throws ReplicaException {
    RecordHeader header = extent.header;
    int size = header.blockSizeBytes();
    boolean whole = header.totalBytes() <= WHOLE_BYTES;
    int prefixBytes = header.prefixBytes();
    ByteBuffer bytes = ByteBuffer.allocate(whole ? header.totalBytes() : prefixBytes);
    if (!readPrefix(segment, extent.offset, header, bytes)) {
      findings.damaged.add(header.sequence());
      return;
    }
    int first = q.firstBlock() + extent.from - header.firstBlock();
    ByteBuffer target = data.slice(extent.from * size, count * size);
    boolean readable = true;
    if (whole) {
      target.put(0, bytes, prefixBytes + first * size, count * size);
    } else {
      int at = extent.offset + prefixBytes + first * size;
      readable = readAt(segment, target.duplicate(), at);
    }
    int[] checksums = Checksum.ofBlocks(target, count, size);
    for (int i = 0; i < count; i++) {
      if (!readable || checksums[i] != RecordHeader.blockChecksum(bytes, 0, first + i)) {
        findings.bad.add(reference(header, first + i));
      }
    }
  }

  private static BlockReference reference(RecordHeader header, int i) {
    return new BlockReference(header.firstBlock() + i, header.version(), header.sequence());
  }

  /** Whether the record's header and table are there and match. */
  boolean readPrefix(Segment segment, int offset, RecordHeader expected, ByteBuffer target)
      throws ReplicaException {
    return readAt(segment, target.duplicate(), offset)
        && expected.equals(RecordHeader.decode(target, 0))
        && expected.matches(target, 0, container.salt(), segment.firstSequence);
  }

  /** Whether the bytes could be read. */
  private boolean readAt(Segment segment, ByteBuffer target, int at) throws ReplicaException {
    try {
      segment.file.read(target, at);
      return true;
    } catch (ClosedChannelException | NoSuchFileException e) {
      return false; // cut or removed meanwhile, or gone from under us
    } catch (FileSystemException e) {
      throw new ReplicaException.StoreFailed(
          container.pool.nodeId() + ": " + segment.file.path() + " cannot be opened", e);
    } catch (IOException e) {
      logger
          .atWarn()
          .addKeyValue("node", container.pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("file", segment.file.path().getFileName())
          .addKeyValue("offset", at)
          .addKeyValue("cause", e.toString())
          .log("read failed");
      return false;
    }
  }

  private ReplicaException report(Findings findings) {
    if (!findings.damaged.isEmpty()) {
      return container.health.damage(findings.damaged.stream().min(Long::compare).orElseThrow());
    }
    container.pool.metrics().damagedRecords.inc(findings.bad.size());
    logger
        .atWarn()
        .addKeyValue("node", container.pool.nodeId())
        .addKeyValue("container", container.id)
        .addKeyValue("blocks", findings.bad)
        .log("bad blocks");
    return new ReplicaException.BadBlock(container.id, findings.bad);
  }

  LogChunk fetch(long epoch, LogPosition after, int maxBytes) throws ReplicaException {
    container.admit(epoch);
    while (true) {
      container.health.checkReadable();
      long generation = container.generation();
      Findings findings = new Findings();
      List<LogRecord> records = new ArrayList<>();
      boolean end = fetch(after, maxBytes, records, findings);
      if (findings.isEmpty()) {
        return new LogChunk(records, end);
      }
      if (generation == container.generation()) {
        throw report(findings);
      }
    }
  }

  private boolean fetch(LogPosition after, int maxBytes, List<LogRecord> records, Findings findings)
      throws ReplicaException {
    List<Found> found = new ArrayList<>();
    boolean end;
    container.lock.lock();
    try {
      ContainerLog log = container.log;
      if (!log.holds(after)) {
        throw new ReplicaException.Diverged(container.id, after, log.last());
      }
      long next = after.sequence() + 1;
      long bytes = 0;
      while (next <= log.last().sequence() && (found.isEmpty() || bytes < maxBytes)) {
        Found one = find(next++);
        bytes += RecordHeader.BYTES + one.header.dataBytes();
        found.add(one);
      }
      end = next > log.last().sequence();
    } finally {
      container.lock.unlock();
    }
    for (Found one : found) {
      LogRecord record = load(one, findings);
      if (record != null) {
        records.add(record);
      }
    }
    return end;
  }

  private Found find(long sequence) {
    Segment segment = container.log.segmentOf(sequence);
    int at = segment.indexOf(sequence);
    long epoch = container.log.epochs().epochOf(sequence);
    return at < 0
        ? new Found(null, 0, RecordHeader.of(LogRecord.epochMark(epoch, sequence)))
        : new Found(segment, segment.offsetAt(at), segment.headerAt(at, epoch));
  }

  private @Nullable LogRecord load(Found found, Findings findings) throws ReplicaException {
    RecordHeader header = found.header;
    if (found.segment == null) {
      return LogRecord.epochMark(header.epoch(), header.sequence());
    }
    ByteBuffer bytes = loadAll(found.segment, found.offset, header, findings);
    ByteBuffer data = bytes.slice(header.prefixBytes(), header.dataBytes());
    return new LogRecord(
        header.epoch(),
        header.sequence(),
        header.kind(),
        header.firstBlock(),
        header.blockCount(),
        header.version(),
        data);
  }

  /** Header, table and data of a record; what is wrong with them is among the findings then. */
  private ByteBuffer loadAll(Segment segment, int offset, RecordHeader header, Findings findings)
      throws ReplicaException {
    ByteBuffer bytes = ByteBuffer.allocate(header.totalBytes());
    ByteBuffer prefix = bytes.slice(0, header.prefixBytes());
    if (!readPrefix(segment, offset, header, prefix)) {
      findings.damaged.add(header.sequence());
      return bytes;
    }
    if (header.kind() == Kind.DATA) {
      ByteBuffer data = bytes.slice(header.prefixBytes(), header.dataBytes());
      boolean readable = readAt(segment, data.duplicate(), offset + header.prefixBytes());
      int[] checksums = Checksum.ofBlocks(data, header.blockCount(), header.blockSizeBytes());
      for (int i = 0; i < checksums.length; i++) {
        if (!readable || checksums[i] != RecordHeader.blockChecksum(prefix, 0, i)) {
          findings.bad.add(reference(header, i));
        }
      }
    }
    return bytes;
  }

  /** The bytes of a record as they lie on the disk; null when they are not whole. */
  @Nullable ByteBuffer whole(Segment segment, int offset, RecordHeader header)
      throws ReplicaException {
    Findings findings = new Findings();
    ByteBuffer bytes = loadAll(segment, offset, header, findings);
    return findings.isEmpty() ? bytes : null;
  }
}
