package io.drover.predictor.history;

/**
 * A bounded ring of (time, demand) samples of one virtual machine and one resource.
 *
 * <p>What comes from a machine is not to be trusted, so the ring defines what happens to odd input:
 * a value that is not a number or infinite is refused and counted; a negative value (a counter that
 * was read across a reset) is refused and counted; a sample not later than the newest is refused
 * and counted. When full, the oldest sample gives way. Not thread-safe: it belongs to one actor.
 */
public final class DemandHistory {
  private final long[] epochMillis;
  private final double[] values;
  private int first;
  private int size;
  private long refused;

  public DemandHistory(int capacity) {
    if (capacity < 2) {
      throw new IllegalArgumentException("capacity is " + capacity + "; accepted: at least 2");
    }
    epochMillis = new long[capacity];
    values = new double[capacity];
  }

  /** Takes a sample; false when it was refused. */
  public boolean add(long atEpochMillis, double value) {
    if (!(value >= 0)
        || Double.isInfinite(value)
        || (size > 0 && atEpochMillis <= newestMillis())) {
      refused++;
      return false;
    }
    int slot = (first + size) % values.length;
    epochMillis[slot] = atEpochMillis;
    values[slot] = value;
    if (size < values.length) {
      size++;
    } else {
      first = (first + 1) % values.length;
    }
    return true;
  }

  public int size() {
    return size;
  }

  public int capacity() {
    return values.length;
  }

  /** How many samples were refused since the history was made. */
  public long refused() {
    return refused;
  }

  /** An immutable copy, oldest first. */
  public Samples snapshot() {
    return newest(size);
  }

  /** An immutable copy of the samples from a time on, oldest first; costs no more than they do. */
  public Samples since(long fromEpochMillis) {
    int count = 0;
    while (count < size
        && epochMillis[(first + size - 1 - count) % values.length] >= fromEpochMillis) {
      count++;
    }
    return newest(count);
  }

  private Samples newest(int count) {
    long[] times = new long[count];
    double[] copied = new double[count];
    for (int i = 0; i < count; i++) {
      int slot = (first + size - count + i) % values.length;
      times[i] = epochMillis[slot];
      copied[i] = values[slot];
    }
    return Samples.trusted(times, copied);
  }

  private long newestMillis() {
    return epochMillis[(first + size - 1) % values.length];
  }
}
