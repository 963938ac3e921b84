package io.drover.predictor.backtest;

/**
 * One recorded series on the grid of its {@link TraceSet}: a value for each interval, NaN where the
 * recording has a gap. Immutable.
 */
public final class Trace {
  private final String name;
  private final long firstSlot;
  private final float[] values;

  /**
   * Copies the values.
   *
   * @param name as in the recording, for charts and messages
   * @param firstSlot number of the grid's interval that the first value belongs to
   * @param values NaN for a gap, otherwise finite and not negative
   */
  public Trace(String name, long firstSlot, float[] values) {
    this.name = name;
    this.firstSlot = firstSlot;
    this.values = values.clone();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || Float.isInfinite(values[i])) {
        throw new IllegalArgumentException(
            "value %d of %s is %s; accepted: NaN for a gap, or finite and not negative"
                .formatted(i, name, values[i]));
      }
    }
  }

  public String name() {
    return name;
  }

  public long firstSlot() {
    return firstSlot;
  }

  /** How many intervals the recording spans. */
  public int length() {
    return values.length;
  }

  /** A copy of the values. */
  public float[] values() {
    return values.clone();
  }

  /** The value of an interval; NaN for a gap and outside the recording. */
  public float at(long slot) {
    long i = slot - firstSlot;
    return i >= 0 && i < values.length ? values[(int) i] : Float.NaN;
  }

  /** The interval after the last one. */
  public long endSlot() {
    return firstSlot + values.length;
  }

  @Override
  public String toString() {
    return "Trace[" + name + ", " + values.length + " intervals from " + firstSlot + "]";
  }
}
