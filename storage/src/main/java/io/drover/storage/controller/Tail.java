package io.drover.storage.controller;

import io.drover.storage.replica.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest records of a log, contiguous, kept until they are durable everywhere, so that a
 * replica that lost them gets them from here. Not thread-safe: its log's lock guards it.
 */
final class Tail {
  /** What a record costs beside its data, so that many small ones are bounded too. */
  private static final int OVERHEAD_BYTES = 128;

  private final ArrayDeque<LogRecord> records = new ArrayDeque<>();
  private long nextSequence;
  private long bytes;

  /** An empty tail behind which {@code nextSequence} comes. */
  Tail(long nextSequence) {
    this.nextSequence = nextSequence;
  }

  void add(LogRecord record) {
    if (record.sequence() != nextSequence) {
      throw new IllegalStateException(
          "record " + record.sequence() + " where " + nextSequence + " must come");
    }
    records.addLast(record);
    nextSequence++;
    bytes += cost(record);
  }

  /** Forgets records up to a sequence. */
  void trim(long sequence) {
    while (!records.isEmpty() && records.getFirst().sequence() <= sequence) {
      bytes -= cost(records.removeFirst());
    }
  }

  /** The first sequence that is still here, or the next to come. */
  long firstSequence() {
    return nextSequence - records.size();
  }

  long nextSequence() {
    return nextSequence;
  }

  /** Whether everything behind {@code sequence} is here. */
  boolean reachesBackTo(long sequence) {
    return sequence + 1 >= firstSequence();
  }

  List<LogRecord> after(long sequence) {
    List<LogRecord> behind = new ArrayList<>();
    for (LogRecord record : records) {
      if (record.sequence() > sequence) {
        behind.add(record);
      }
    }
    return behind;
  }

  long bytes() {
    return bytes;
  }

  private static long cost(LogRecord record) {
    return (long) record.data().remaining() + OVERHEAD_BYTES;
  }
}
