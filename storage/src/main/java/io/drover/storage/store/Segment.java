package io.drover.storage.store;

import io.drover.storage.replica.LogRecord.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One file of a container's log, and where its records lie.
 *
 * <p>Records are in flat arrays. In a compacted segment sequences are missing: these records touch
 * no block any more. Guarded by the lock of its container.
 */
final class Segment {
  private static final String SUFFIX = ".log";
  private static final Pattern NAME = Pattern.compile("[0-7][0-9a-f]{15}\\.log");

  final StoreFile file;
  final long firstSequence;

  /** Last sequence that belongs here; below the first when there is none yet. */
  private long lastSequence;

  /** Where the next record goes. */
  private int endBytes = SegmentHeader.BYTES;

  private boolean compacted;

  /** Has bytes that no fsync has covered. */
  boolean dirty;

  /** Compaction met a record that is not whole; cleared by a repair. */
  boolean unreadable;

  private int count;
  private int deadBytes;
  private int[] delta = new int[16];
  private int[] offset = new int[16];
  private int[] firstBlock = new int[16];
  private int[] blockCount = new int[16];
  private int[] blockSizeAndKind = new int[16];
  private int[] version = new int[16];
  private int[] live = new int[16];
  private long[] deadBy = new long[16];

  Segment(StoreFile file, long firstSequence) {
    this.file = file;
    this.firstSequence = firstSequence;
    this.lastSequence = firstSequence - 1;
  }

  static Path path(Path directory, long firstSequence) {
    return directory.resolve(String.format("%016x%s", firstSequence, SUFFIX));
  }

  /** The segment files of a container, ascending. */
  static List<Path> files(Path directory) throws IOException {
    return Medium.list(directory).stream().filter(Segment::isSegment).toList();
  }

  private static boolean isSegment(Path file) {
    return NAME.matcher(file.getFileName().toString()).matches();
  }

  static long firstSequence(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name, 0, name.length() - SUFFIX.length(), 16);
  }

  long lastSequence() {
    return lastSequence;
  }

  int endBytes() {
    return endBytes;
  }

  boolean isCompacted() {
    return compacted;
  }

  int count() {
    return count;
  }

  /** Bytes of records that no block is read from any more. */
  int deadBytes() {
    return deadBytes;
  }

  void add(RecordHeader h, int at) {
    if (count == offset.length) {
      grow(count * 2);
    }
    delta[count] = Math.toIntExact(h.sequence() - firstSequence);
    offset[count] = at;
    firstBlock[count] = h.firstBlock();
    blockCount[count] = h.blockCount();
    blockSizeAndKind[count] = h.blockSizeBytes() << 2 | RecordHeader.code(h.kind());
    version[count] = h.version();
    live[count] = 0;
    deadBy[count] = 0;
    count++;
    lastSequence = h.sequence();
    endBytes = at + h.totalBytes();
  }

  /** Ends the segment for good: sequences up to the last that were not added are overwritten. */
  void compactedUpTo(long last) {
    compacted = true;
    lastSequence = last;
  }

  /** The place of a record in the arrays; -1 when compaction removed it. */
  int indexOf(long sequence) {
    long wanted = sequence - firstSequence;
    if (wanted >= 0 && wanted < count && delta[(int) wanted] == wanted) {
      return (int) wanted;
    }
    int found = Arrays.binarySearch(delta, 0, count, (int) wanted);
    return Math.max(-1, found);
  }

  /** First place whose sequence is at least the given one. */
  int firstFrom(long sequence) {
    int found = Arrays.binarySearch(delta, 0, count, (int) (sequence - firstSequence));
    return found >= 0 ? found : -found - 1;
  }

  long sequenceAt(int i) {
    return firstSequence + delta[i];
  }

  int offsetAt(int i) {
    return offset[i];
  }

  RecordHeader headerAt(int i, long epoch) {
    return new RecordHeader(
        RecordHeader.kindOf(blockSizeAndKind[i] & 3),
        epoch,
        sequenceAt(i),
        firstBlock[i],
        blockCount[i],
        version[i],
        blockSizeAndKind[i] >>> 2);
  }

  int liveAt(int i) {
    return live[i];
  }

  /** The record that took this one's last live block; 0 while it is alive or when it had none. */
  long deadByAt(int i) {
    return deadBy[i];
  }

  void enliven(int i, int blocks) {
    live[i] += blocks;
  }

  void loseBlock(int i, long by) {
    live[i]--;
    if (live[i] == 0) {
      deadBy[i] = by;
      deadBytes += headerAt(i, 0).totalBytes();
    }
  }

  /** Takes over what is known of the same records in the segment that this one replaces. */
  void inherit(Segment former) {
    for (int i = 0; i < count; i++) {
      int at = former.indexOf(sequenceAt(i));
      live[i] = former.live[at];
      deadBy[i] = former.deadBy[at];
      if (deadBy[i] > 0 && RecordHeader.kindOf(blockSizeAndKind[i] & 3) != Kind.EPOCH_MARK) {
        deadBytes += headerAt(i, 0).totalBytes();
      }
    }
  }

  void forgetLiveness() {
    Arrays.fill(live, 0, count, 0);
    Arrays.fill(deadBy, 0, count, 0);
    deadBytes = 0;
  }

  /** Drops the records after a sequence, from the arrays alone. */
  void cutAfter(long last) {
    count = firstFrom(last + 1);
    if (!compacted) {
      lastSequence = count == 0 ? firstSequence - 1 : sequenceAt(count - 1);
    } else {
      lastSequence = last;
    }
    endBytes =
        count == 0 ? SegmentHeader.BYTES : offset[count - 1] + headerAt(count - 1, 0).totalBytes();
  }

  private void grow(int size) {
    delta = Arrays.copyOf(delta, size);
    offset = Arrays.copyOf(offset, size);
    firstBlock = Arrays.copyOf(firstBlock, size);
    blockCount = Arrays.copyOf(blockCount, size);
    blockSizeAndKind = Arrays.copyOf(blockSizeAndKind, size);
    version = Arrays.copyOf(version, size);
    live = Arrays.copyOf(live, size);
    deadBy = Arrays.copyOf(deadBy, size);
  }
}
