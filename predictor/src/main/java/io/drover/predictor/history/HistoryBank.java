package io.drover.predictor.history;

import java.util.Arrays;

/**
 * The histories of many series in a few flat arrays: fine slots for hours, coarse ones for weeks.
 *
 * <p>A slot is found by its number modulo the ring's length, so that the slots of all series line
 * up in time and a gap is simply a slot that holds none. Values are kept as 16-bit floats in units
 * of a power of two of the series' own (11 significant bits, 0.05 %).
 *
 * <p>What comes from a machine is not to be trusted. A value that is NaN, infinite or negative is
 * left out and counted; so is a sample that is not later than the newest one. When three samples in
 * a row come from the past, each later than the one before, the clock was set back: what had been
 * recorded beyond them is dropped and the history goes on from there. After a jump ahead the time
 * between is a gap. A value more than 2^15 times the series' unit is cut to that, so that one mad
 * sample cannot wipe out the others' digits; when the next one is as large, the unit is raised.
 *
 * <p>Not thread-safe. Taking a sample allocates nothing.
 */
public final class HistoryBank {
  /** Largest demand kept, in the caller's unit. */
  public static final double LARGEST = 1e15;

  static final int SCALAR_BYTES = 8 + 8 + 4 * 7 + 2 + 1 + 1;

  static final short GAP = (short) 0x7e00;
  private static final float CUT = 32768f;
  private static final int CLOCK_SET_BACK = 3;
  private static final long NEVER = Long.MIN_VALUE;

  private final HistoryShape shape;
  private final int rows;
  private final short[] fine;
  private final short[] coarse;
  private final long[] newestMillis;
  private final long[] newestSlot;
  private final int[] known;
  private final int[] refused;
  private final int[] pastOffset;
  private final float[] slotSum;
  private final float[] coarseSum;
  private final int[] coarseCount;
  private final int[] coarseKnown;
  private final short[] slotCount;
  private final byte[] exponent;
  private final byte[] oddities;

  /**
   * @param rows how many series the bank holds
   */
  public HistoryBank(HistoryShape shape, int rows) {
    this.shape = shape;
    this.rows = rows;
    fine = new short[Math.multiplyExact(rows, shape.fineSlots())];
    coarse = new short[Math.multiplyExact(rows, shape.coarseSlots())];
    newestMillis = new long[rows];
    newestSlot = new long[rows];
    known = new int[rows];
    refused = new int[rows];
    pastOffset = new int[rows];
    slotSum = new float[rows];
    coarseSum = new float[rows];
    coarseCount = new int[rows];
    coarseKnown = new int[rows];
    slotCount = new short[rows];
    exponent = new byte[rows];
    oddities = new byte[rows];
    for (int row = 0; row < rows; row++) {
      clear(row);
    }
  }

  public HistoryShape shape() {
    return shape;
  }

  public int rows() {
    return rows;
  }

  /** Forgets everything about a series. */
  public void clear(int row) {
    Arrays.fill(fine, row * shape.fineSlots(), (row + 1) * shape.fineSlots(), GAP);
    Arrays.fill(coarse, row * shape.coarseSlots(), (row + 1) * shape.coarseSlots(), GAP);
    newestMillis[row] = NEVER;
    newestSlot[row] = NEVER;
    known[row] = 0;
    refused[row] = 0;
    pastOffset[row] = 0;
    slotSum[row] = 0;
    slotCount[row] = 0;
    coarseSum[row] = 0;
    coarseCount[row] = 0;
    coarseKnown[row] = 0;
    exponent[row] = 0;
    oddities[row] = 0;
  }

  /** Takes a sample; never throws, whatever the value and the time. */
  public Taken add(int row, long epochMillis, double value) {
    if (!(value >= 0) || value > Double.MAX_VALUE) {
      refused[row]++;
      return Taken.NOT_A_DEMAND;
    }
    if (newestMillis[row] != NEVER && epochMillis <= newestMillis[row]) {
      if (!clockWasSetBack(row, epochMillis)) {
        refused[row]++;
        return Taken.NOT_NEWER;
      }
      rewind(row, epochMillis);
    }
    oddities[row] = 0;
    long slot = shape.slotOf(epochMillis);
    newestMillis[row] = epochMillis;
    float demand = (float) Math.min(value, LARGEST);
    boolean opens = slot != newestSlot[row];
    if (opens) {
      open(row, slot);
    }
    fit(row, demand);
    if (slotCount[row] < Short.MAX_VALUE) {
      slotCount[row]++;
      slotSum[row] += demand;
    }
    store(row, slot, slotSum[row] / slotCount[row]);
    return opens ? Taken.NEW_SLOT : Taken.SAME_SLOT;
  }

  /** How many slots with a sample the series has had since it was cleared. */
  public int known(int row) {
    return known[row];
  }

  /** How many samples were left out. */
  public int refused(int row) {
    return refused[row];
  }

  /** Number of the newest slot; only when {@link #known} is above zero. */
  public long newestSlot(int row) {
    return newestSlot[row];
  }

  /** The power of two that the kept values of a series are in units of. */
  public int exponent(int row) {
    return exponent[row];
  }

  /**
   * Copies the newest {@code most} fine slots, oldest first, in the caller's unit. A gap is filled
   * with the value before it; what lies before the first known value is left out.
   *
   * @return how many were copied
   */
  public int read(int row, int most, float[] into) {
    if (known[row] == 0) {
      return 0;
    }
    int length = shape.fineSlots();
    int want = Math.min(most, length);
    int base = row * length;
    int at = (int) Math.floorMod(newestSlot[row] - want + 1, (long) length);
    float unit = unit(row);
    int first = Math.min(want, length - at);
    for (int i = 0; i < first; i++) {
      into[i] = Float.float16ToFloat(fine[base + at + i]) * unit;
    }
    for (int i = first; i < want; i++) {
      into[i] = Float.float16ToFloat(fine[base + i - first]) * unit;
    }
    return closeGaps(into, want);
  }

  /** How many slots lie between the first sample and the newest, at most what is kept. */
  public int span(int row) {
    return Math.min(known[row], shape.fineSlots());
  }

  /**
   * Adds the {@code count} slots up to {@code newest} to {@code into}, oldest first. A gap counts
   * as the value before it; what is not known at all counts as nothing.
   */
  public void addTo(int row, long newest, int count, float[] into) {
    if (known[row] == 0) {
      return;
    }
    int length = shape.fineSlots();
    int base = row * length;
    float unit = unit(row);
    float value = 0;
    // Slots after the series' own newest one repeat it; older ones than are kept count as nothing.
    long late = Math.max(0, newest - newestSlot[row]);
    int at = (int) Math.floorMod(newest - count + 1, (long) length);
    for (int i = 0; i < count; i++) {
      if (i < count - late) {
        short kept = fine[base + at];
        value = kept == GAP ? value : Float.float16ToFloat(kept) * unit;
      }
      into[i] += value;
      at = at + 1 == length ? 0 : at + 1;
    }
  }

  /** The value of a slot, NaN for a gap and outside what is kept. */
  public float fineAt(int row, long slot) {
    long behind = newestSlot[row] - slot;
    if (known[row] == 0 || behind < 0 || behind >= shape.fineSlots()) {
      return Float.NaN;
    }
    int at = (int) Math.floorMod(slot, (long) shape.fineSlots());
    return Float.float16ToFloat(fine[row * shape.fineSlots() + at]) * unit(row);
  }

  /** How many coarse slots may hold something. */
  public int coarseSpan(int row) {
    return coarseKnown[row];
  }

  /**
   * Copies the means of finished coarse slots, NaN for a gap and outside what is kept.
   *
   * @param first the slot to begin with; from it on backwards
   * @param step slots from one to the next, at most as many as are kept
   */
  public void readCoarse(int row, long first, int step, int most, float[] into) {
    int length = shape.coarseSlots();
    long behind = Math.floorDiv(newestSlot[row], (long) shape.slotsPerCoarse()) - first;
    int at = (int) Math.floorMod(first, (long) length);
    float unit = unit(row);
    for (int i = 0; i < most; i++) {
      boolean kept = known[row] > 0 && behind >= 1 && behind <= length;
      into[i] = kept ? Float.float16ToFloat(coarse[row * length + at]) * unit : Float.NaN;
      behind += step;
      at -= step;
      at += at < 0 ? length : 0;
    }
  }

  /** Lowers a unit that has become far too large for what the series does now. */
  public void tidy(int row) {
    float largest = 0;
    for (int i = row * shape.fineSlots(); i < (row + 1) * shape.fineSlots(); i++) {
      largest = Math.max(largest, fine[i] == GAP ? 0 : Float.float16ToFloat(fine[i]));
    }
    if (largest > 0 && largest < 1f / 256) {
      rescale(row, exponent[row] + Math.getExponent(largest));
    }
  }

  void writeScalars(int row, HistorySnapshot.Bytes out) {
    out.putLong(newestMillis[row]);
    out.putLong(newestSlot[row]);
    out.putInt(known[row]);
    out.putInt(refused[row]);
    out.putInt(pastOffset[row]);
    out.putInt(Float.floatToRawIntBits(slotSum[row]));
    out.putInt(Float.floatToRawIntBits(coarseSum[row]));
    out.putInt(coarseCount[row]);
    out.putInt(coarseKnown[row]);
    out.putShort(slotCount[row]);
    out.putShort((short) ((exponent[row] << 8) | (oddities[row] & 0xff)));
  }

  void readScalars(int row, HistorySnapshot.Bytes in) {
    newestMillis[row] = in.getLong();
    newestSlot[row] = in.getLong();
    known[row] = in.getInt();
    refused[row] = in.getInt();
    pastOffset[row] = in.getInt();
    slotSum[row] = Float.intBitsToFloat(in.getInt());
    coarseSum[row] = Float.intBitsToFloat(in.getInt());
    coarseCount[row] = in.getInt();
    coarseKnown[row] = in.getInt();
    slotCount[row] = in.getShort();
    short both = in.getShort();
    exponent[row] = (byte) (both >> 8);
    oddities[row] = (byte) both;
  }

  void writeSlots(int row, HistorySnapshot.Bytes out) {
    for (int i = 0; i < shape.fineSlots(); i++) {
      out.putShort(fine[row * shape.fineSlots() + i]);
    }
    for (int i = 0; i < shape.coarseSlots(); i++) {
      out.putShort(coarse[row * shape.coarseSlots() + i]);
    }
  }

  void readSlots(int row, HistorySnapshot.Bytes in) {
    for (int i = 0; i < shape.fineSlots(); i++) {
      fine[row * shape.fineSlots() + i] = in.getShort();
    }
    for (int i = 0; i < shape.coarseSlots(); i++) {
      coarse[row * shape.coarseSlots() + i] = in.getShort();
    }
  }

  private static int closeGaps(float[] values, int count) {
    int lead = 0;
    while (lead < count && Float.isNaN(values[lead])) {
      lead++;
    }
    if (lead > 0) {
      System.arraycopy(values, lead, values, 0, count - lead);
    }
    for (int i = 1; i < count - lead; i++) {
      if (Float.isNaN(values[i])) {
        values[i] = values[i - 1];
      }
    }
    return count - lead;
  }

  private boolean clockWasSetBack(int row, long epochMillis) {
    long before = newestMillis[row] - epochMillis;
    int offset = (int) Math.min(Integer.MAX_VALUE, before / 16);
    boolean rises = oddities[row] == 0 || offset < pastOffset[row];
    pastOffset[row] = offset;
    oddities[row] = (byte) (rises && before >= shape.interval().toMillis() ? oddities[row] + 1 : 0);
    return oddities[row] >= CLOCK_SET_BACK;
  }

  private void rewind(int row, long epochMillis) {
    long slot = shape.slotOf(epochMillis);
    long back = newestSlot[row] - slot;
    int length = shape.fineSlots();
    for (long s = 0; s <= Math.min(back, length - 1L); s++) {
      fine[row * length + (int) Math.floorMod(slot + s, (long) length)] = GAP;
    }
    long per = shape.slotsPerCoarse();
    long coarseSlot = Math.floorDiv(slot, per);
    long coarseBack = Math.floorDiv(newestSlot[row], per) - coarseSlot;
    int coarseLength = shape.coarseSlots();
    for (long s = 0; s <= Math.min(coarseBack, coarseLength - 1L); s++) {
      coarse[row * coarseLength + (int) Math.floorMod(coarseSlot + s, (long) coarseLength)] = GAP;
    }
    newestSlot[row] = slot - 1;
    slotCount[row] = 0;
    slotSum[row] = 0;
    coarseSum[row] = 0;
    coarseCount[row] = 0;
  }

  private void open(int row, long slot) {
    if (known[row] > 0) {
      int length = shape.fineSlots();
      // A plain difference may overflow when a clock is mad; the gap is then the whole ring.
      long gap = slot - newestSlot[row] - 1;
      for (long s = 0; s < Math.min(gap < 0 ? length : gap, length); s++) {
        fine[row * length + (int) Math.floorMod(slot - 1 - s, (long) length)] = GAP;
      }
      if (slotCount[row] > 0) {
        coarseSum[row] += slotSum[row] / slotCount[row];
        coarseCount[row]++;
      }
      closeCoarse(row, slot);
    }
    newestSlot[row] = slot;
    if (known[row] < Integer.MAX_VALUE) {
      known[row]++;
    }
    slotSum[row] = 0;
    slotCount[row] = 0;
  }

  private void closeCoarse(int row, long slot) {
    long per = shape.slotsPerCoarse();
    long was = Math.floorDiv(newestSlot[row], per);
    long now = Math.floorDiv(slot, per);
    if (now == was) {
      return;
    }
    int length = shape.coarseSlots();
    int base = row * length;
    if (coarseCount[row] > 0) {
      coarse[base + (int) Math.floorMod(was, (long) length)] =
          half(row, coarseSum[row] / coarseCount[row]);
    }
    long gap = now - was - 1;
    coarseKnown[row] =
        (int) Math.min(length, coarseKnown[row] + 1L + (gap < 0 ? length : Math.min(gap, length)));
    for (long s = 0; s < Math.min(gap < 0 ? length : gap, length); s++) {
      coarse[base + (int) Math.floorMod(now - 1 - s, (long) length)] = GAP;
    }
    coarseSum[row] = 0;
    coarseCount[row] = 0;
  }

  /** Chooses or raises the unit so that the demand fits. */
  private void fit(int row, float demand) {
    if (demand <= 0) {
      return;
    }
    boolean first = exponent[row] == 0 && known[row] <= 1 && slotCount[row] == 0;
    if (first) {
      exponent[row] = (byte) Math.clamp(Math.getExponent(demand), -60, 110);
      return;
    }
    if (demand >= CUT * unit(row)) {
      long before = newestSlot[row] - 1;
      float last = fineAt(row, before);
      if (last >= CUT / 2 * unit(row)) {
        rescale(row, Math.getExponent(demand));
      }
    }
  }

  private void rescale(int row, int wanted) {
    int to = Math.clamp(wanted, -60, 110);
    float factor = Math.scalb(1f, exponent[row] - to);
    rescale(fine, row * shape.fineSlots(), shape.fineSlots(), factor);
    rescale(coarse, row * shape.coarseSlots(), shape.coarseSlots(), factor);
    exponent[row] = (byte) to;
  }

  private static void rescale(short[] values, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      if (values[i] != GAP) {
        float scaled = Math.min(CUT, Float.float16ToFloat(values[i]) * factor);
        values[i] = Float.floatToFloat16(scaled);
      }
    }
  }

  private void store(int row, long slot, float demand) {
    int at = (int) Math.floorMod(slot, (long) shape.fineSlots());
    fine[row * shape.fineSlots() + at] = half(row, demand);
  }

  private short half(int row, float demand) {
    return Float.floatToFloat16(Math.min(CUT, demand / unit(row)));
  }

  private float unit(int row) {
    return Math.scalb(1f, exponent[row]);
  }
}
