package io.drover.storage.replica;

/**
 * A place in a container's log: the epoch in which a record was first written, and its sequence.
 *
 * <p>Two logs that hold a record at the same position are equal up to it, because an epoch has one
 * writer and sequences are contiguous. Ordered by epoch, then sequence: the greater log is the one
 * a new holder must take.
 */
public record LogPosition(long epoch, long sequence) implements Comparable<LogPosition> {
  /** The position before the first record. */
  public static final LogPosition EMPTY = new LogPosition(0, 0);

  public LogPosition {
    if (epoch < 0 || sequence < 0) {
      throw new IllegalArgumentException(
          "log position (" + epoch + ", " + sequence + "): accepted are 0 or more for both");
    }
  }

  @Override
  public int compareTo(LogPosition other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
  }
}
