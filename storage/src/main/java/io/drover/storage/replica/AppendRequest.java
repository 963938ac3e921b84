package io.drover.storage.replica;

/**
 * Puts one record at the end of a container's log.
 *
 * @param epoch the caller's epoch; at least that of the record, more when a holder copies records
 *     of earlier ones
 * @param committedSequence highest sequence that the caller knows to be on every in-sync replica, 0
 *     when it knows none; what was overwritten at or below it may be reclaimed
 */
public record AppendRequest(
    ContainerId container, long epoch, long committedSequence, LogRecord record) {
  public AppendRequest {
    if (epoch < record.epoch()) {
      throw new IllegalArgumentException(
          "append with epoch "
              + epoch
              + " of a record of epoch "
              + record.epoch()
              + ": accepted is that or more");
    }
    if (committedSequence < 0) {
      throw new IllegalArgumentException(
          "committedSequence " + committedSequence + ": accepted is 0 or more");
    }
  }
}
