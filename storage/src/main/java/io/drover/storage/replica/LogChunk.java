package io.drover.storage.replica;

import java.util.List;

/**
 * Whole records of a log, in order.
 *
 * @param end whether the log ended, at the time of the call, with the last of them
 */
public record LogChunk(List<LogRecord> records, boolean end) {
  public LogChunk {
    records = List.copyOf(records);
  }
}
