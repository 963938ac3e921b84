package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;

/**
 * What the newest stretch of one history looks like: the figures every model works from. Reused
 * from series to series, so that forecasting allocates nothing.
 */
final class Window {
  static final int TAILS = FleetShape.QUANTILES.size() - 1;
  private static final int DECAY = 96;
  private static final float[] BY_2 = decay(0.5);
  private static final float[] BY_5 = decay(0.2);
  private static final float[] BY_20 = decay(0.05);

  final float[] values;
  int count;
  float last;
  float mean3;
  float median6;
  float median12;
  float median48;
  float median288;
  float max12;
  float largest;
  float ewma2;
  float ewma5;
  float ewma20;
  float slope;
  float mean6;

  /** Upper quantiles of the newest 48, the newest 288 and of all that is kept. */
  final float[] tail48 = new float[TAILS];

  final float[] tail288 = new float[TAILS];
  final float[] tailKept = new float[TAILS];

  /** Size of a usual move: the unit that losses of this series are measured in; above zero. */
  float scale;

  /** How lively, how persistent and how old the series is, as one of {@link #KINDS}. */
  int kind;

  static final int KINDS = 18;

  private final float[] sorted = new float[48];
  private final Ranks ranks;

  Window(int most) {
    values = new float[most];
    ranks = new Ranks(most);
  }

  /** Looks at a history; false when it holds nothing. */
  boolean load(HistoryBank bank, int row) {
    count = bank.read(row, values.length, values);
    if (count == 0) {
      return false;
    }
    last = values[count - 1];
    middles();
    tails();
    decayed();
    scales();
    return true;
  }

  float back(int steps) {
    return values[Math.max(0, count - 1 - steps)];
  }

  float mean(int newest) {
    int n = Math.min(newest, count);
    float sum = 0;
    for (int i = count - n; i < count; i++) {
      sum += values[i];
    }
    return sum / n;
  }

  private void middles() {
    sortNewest(0, 6);
    median6 = sortedMedian(6);
    sortNewest(6, 12);
    median12 = sortedMedian(12);
    max12 = sorted[Math.min(12, count) - 1];
    sortNewest(12, 48);
    median48 = sortedMedian(48);
    int n = Math.min(48, count);
    for (int q = 0; q < TAILS; q++) {
      tail48[q] = sortedQuantile(n, FleetShape.QUANTILES.get(q + 1));
    }
    mean3 = mean(3);
    mean6 = mean(6);
    slope = count >= 12 ? (2 * mean6 - 2 * mean(12)) / 6 : 0;
  }

  private void tails() {
    if (count <= 48) {
      median288 = median48;
      System.arraycopy(tail48, 0, tail288, 0, TAILS);
      System.arraycopy(tail48, 0, tailKept, 0, TAILS);
      largest = sorted[count - 1];
      return;
    }
    int n = Math.min(288, count);
    ranks.load(values, count);
    ranks.newest(n);
    median288 = ranks.median();
    for (int q = 0; q < TAILS; q++) {
      tail288[q] = ranks.quantile(FleetShape.QUANTILES.get(q + 1));
    }
    if (count > n) {
      ranks.newest(count);
      for (int q = 0; q < TAILS; q++) {
        tailKept[q] = ranks.quantile(FleetShape.QUANTILES.get(q + 1));
      }
    } else {
      System.arraycopy(tail288, 0, tailKept, 0, TAILS);
    }
    largest = ranks.at(count - 1);
  }

  private void decayed() {
    int n = Math.min(count, DECAY);
    float sum2 = 0;
    float sum5 = 0;
    float sum20 = 0;
    float weight2 = 0;
    float weight5 = 0;
    float weight20 = 0;
    for (int i = 0; i < n; i++) {
      float value = values[count - 1 - i];
      sum2 += BY_2[i] * value;
      sum5 += BY_5[i] * value;
      sum20 += BY_20[i] * value;
      weight2 += BY_2[i];
      weight5 += BY_5[i];
      weight20 += BY_20[i];
    }
    ewma2 = sum2 / weight2;
    ewma5 = sum5 / weight5;
    ewma20 = sum20 / weight20;
  }

  private void scales() {
    int n = Math.min(48, count);
    float moves = 0;
    float lately = 0;
    float spread = 0;
    for (int i = count - n; i < count; i++) {
      float move = i > 0 ? Math.abs(values[i] - values[i - 1]) : 0;
      moves += move;
      lately += i >= count - 6 ? move : 0;
      spread += Math.abs(values[i] - median48);
    }
    moves /= Math.max(1, Math.min(n, count - 1));
    lately /= Math.max(1, Math.min(6, count - 1));
    spread /= n;
    scale =
        Math.max(
            1e-20f,
            0.5f * moves
                + 0.5f * spread
                + 0.02f * (tail288[1] - median288)
                + 0.01f * median48
                + 0.001f * largest);
    float liveliness = (lately + Math.abs(last - median12)) / scale;
    float persistence = moves / (spread + 0.01f * scale);
    kind =
        (liveliness < 1 ? 0 : 1)
            + 2 * (persistence < 0.35f ? 0 : persistence < 0.95f ? 1 : 2)
            + 6 * (count < 24 ? 2 : count < 96 ? 1 : 0);
  }

  /** 2 for the kinds of histories under 24 samples, 1 under 96, 0 for longer ones. */
  static int age(int kind) {
    return kind / 6;
  }

  /** Inserts the newest values from one age to another into those that are sorted already. */
  private void sortNewest(int from, int to) {
    int end = Math.min(to, count);
    for (int age = from; age < end; age++) {
      float value = values[count - 1 - age];
      int at = age;
      while (at > 0 && sorted[at - 1] > value) {
        sorted[at] = sorted[at - 1];
        at--;
      }
      sorted[at] = value;
    }
  }

  private float sortedMedian(int newest) {
    int n = Math.min(newest, count);
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  private float sortedQuantile(int n, double share) {
    double rank = share * (n + 1) - 1;
    if (rank <= 0) {
      return sorted[0];
    }
    int whole = (int) rank;
    return whole >= n - 1
        ? sorted[n - 1]
        : sorted[whole] + (float) (rank - whole) * (sorted[whole + 1] - sorted[whole]);
  }

  private static float[] decay(double rate) {
    float[] weights = new float[DECAY];
    for (int i = 0; i < DECAY; i++) {
      weights[i] = (float) Math.pow(1 - rate, i);
    }
    return weights;
  }
}
