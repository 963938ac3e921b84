package io.drover.storage.store;

import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments of a container into a {@link ContainerLog}.
 *
 * <p>Up to the flush mark only headers are read, which is quick; what cannot be read there is
 * damage, and replay ends before it. Beyond the mark data is checked as well, and the log is cut at
 * the first record that is not whole. What is kept beyond the mark is written again in place: after
 * a failed fsync and a restart of the process the system may hold it as clean though it never
 * reached the disk.
 */
final class Replay {
  private static final int WINDOW_BYTES = 64 * 1024;
  private static final int REWRITE_BYTES = 1 << 20;

  private final Path directory;
  private final Medium medium;
  private final long salt;
  private final LogPosition mark;
  private final ContainerLog log = new ContainerLog();
  private long damagedSequence;
  private long cutBytes;

  /**
   * @param damagedSequence the first record up to the flush mark that cannot be read; 0 for none
   * @param cutBytes what was dropped beyond the mark
   */
  record Outcome(ContainerLog log, long damagedSequence, long cutBytes) {}

  private Replay(Path directory, Medium medium, long salt, LogPosition mark) {
    this.directory = directory;
    this.medium = medium;
    this.salt = salt;
    this.mark = mark;
  }

  static Outcome of(Path directory, Medium medium, long salt, LogPosition mark) throws IOException {
    Replay replay = new Replay(directory, medium, salt, mark);
    replay.run();
    return new Outcome(replay.log, replay.damagedSequence, replay.cutBytes);
  }

  private void run() throws IOException {
    List<Path> files = Segment.files(directory);
    for (Path file : files) {
      if (!segment(file)) {
        break;
      }
    }
    if (damagedSequence == 0 && log.last().sequence() < mark.sequence()) {
      damagedSequence = log.last().sequence() + 1;
    }
    if (damagedSequence == 0) {
      drop(files.subList(log.segments().size(), files.size()));
      rewriteTail();
    }
  }

  /** Takes in what is whole of a segment; whether all of it was. */
  private boolean segment(Path path) throws IOException {
    StoreFile file = medium.file(path);
    long size = file.size();
    SegmentHeader header = header(file, size);
    long next = log.last().sequence() + 1;
    if (header == null || header.firstSequence() != next || header.lengthBytes() > size) {
      file.close();
      noteBad(next);
      return false;
    }
    Segment segment = new Segment(file, next);
    log.add(segment);
    boolean whole = records(segment, header, header.isCompacted() ? header.lengthBytes() : size);
    if (!whole) {
      noteBad(log.last().sequence() + 1);
    }
    if (header.isCompacted()) {
      log.seal(segment, whole ? header.lastSequence() : log.last().sequence());
    }
    if (damagedSequence == 0 && segment.endBytes() < size) {
      cutBytes += size - segment.endBytes();
      file.truncate(segment.endBytes());
      file.force();
    }
    return whole;
  }

  private void noteBad(long sequence) {
    if (sequence <= mark.sequence()) {
      damagedSequence = sequence;
    }
  }

  private @Nullable SegmentHeader header(StoreFile file, long size) throws IOException {
    if (size < SegmentHeader.BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
    try {
      file.read(bytes, 0);
    } catch (IOException e) {
      return null; // a sector that cannot be read counts as damaged
    }
    return SegmentHeader.decode(bytes, salt);
  }

  /** Whether all bytes up to the end are whole records that follow each other. */
  private boolean records(Segment segment, SegmentHeader segmentHeader, long end) {
    Window window = new Window(segment.file, end);
    int at = SegmentHeader.BYTES;
    while (at < end) {
      RecordHeader header = record(window, at, segment, segmentHeader);
      if (header == null) {
        return false;
      }
      log.publish(segment, header, at);
      at += header.totalBytes();
    }
    return true;
  }

  private @Nullable RecordHeader record(
      Window window, int at, Segment segment, SegmentHeader segmentHeader) {
    if (!window.cover(at, RecordHeader.BYTES)) {
      return null;
    }
    RecordHeader header = RecordHeader.decode(window.bytes(), window.index(at));
    if (header == null
        || at + (long) header.totalBytes() > window.end
        || !window.cover(at, header.prefixBytes())
        || !header.matches(window.bytes(), window.index(at), salt, segment.firstSequence)) {
      return null;
    }
    LogPosition last = log.last();
    boolean follows =
        segmentHeader.isCompacted()
            ? header.sequence() > last.sequence()
                && header.sequence() <= segmentHeader.lastSequence()
            : header.sequence() == last.sequence() + 1;
    if (!follows || header.epoch() < last.epoch()) {
      return null;
    }
    boolean checkData = header.kind() == LogRecord.Kind.DATA && header.sequence() > mark.sequence();
    return checkData && !dataMatches(window, at, header) ? null : header;
  }

  private static boolean dataMatches(Window window, int at, RecordHeader header) {
    if (!window.cover(at, header.totalBytes())) {
      return false;
    }
    int index = window.index(at);
    ByteBuffer data = window.bytes().slice(index + header.prefixBytes(), header.dataBytes());
    int[] found = Checksum.ofBlocks(data, header.blockCount(), header.blockSizeBytes());
    for (int i = 0; i < found.length; i++) {
      if (found[i] != RecordHeader.blockChecksum(window.bytes(), index, i)) {
        return false;
      }
    }
    return true;
  }

  private void drop(List<Path> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    for (Path path : files.reversed()) {
      try (StoreFile file = medium.file(path)) {
        cutBytes += file.size();
      }
      medium.delete(path);
    }
    medium.forceDirectory(directory);
  }

  private void rewriteTail() throws IOException {
    for (Segment segment : log.segments()) {
      if (segment.lastSequence() <= mark.sequence() || segment.count() == 0) {
        continue;
      }
      int first = segment.firstFrom(mark.sequence() + 1);
      int from = first == 0 ? 0 : segment.offsetAt(first);
      ByteBuffer bytes = ByteBuffer.allocate(Math.min(REWRITE_BYTES, segment.endBytes() - from));
      for (int at = from; at < segment.endBytes(); at += bytes.limit()) {
        bytes.clear().limit(Math.min(bytes.capacity(), segment.endBytes() - at));
        segment.file.read(bytes, at);
        segment.file.write(bytes.flip(), at);
      }
      segment.dirty = true;
    }
  }

  /** A piece of a segment in memory that moves on with the records. */
  private static final class Window {
    private final StoreFile file;
    private final long end;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int start;

    Window(StoreFile file, long end) {
      this.file = file;
      this.end = end;
    }

    ByteBuffer bytes() {
      return bytes;
    }

    int index(int at) {
      return at - start;
    }

    /** Whether these bytes are there and can be read. */
    boolean cover(int at, int length) {
      if (at >= start && at + length <= start + bytes.limit()) {
        return true;
      }
      if (at + (long) length > end) {
        return false;
      }
      int wanted = (int) Math.min(Math.max(WINDOW_BYTES, length), end - at);
      if (bytes.capacity() < wanted) {
        bytes = ByteBuffer.allocate(wanted);
      }
      bytes.clear().limit(wanted);
      start = at;
      try {
        file.read(bytes, at);
      } catch (IOException e) {
        bytes.limit(0);
        return false; // a sector that cannot be read counts as damaged
      }
      bytes.flip();
      return true;
    }
  }
}
