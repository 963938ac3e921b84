package io.drover.predictor.fleet;

/** Where the learned figures of a series stand in its stretch of a float array. */
final class ModelLayout {
  final int horizons;

  /** Promises kept open at each horizon, and the slots between two of them. */
  final int[] open;

  final int[] every;
  final int[] firstPromise;
  final int promises;

  /** Floats a series takes. */
  final int floats;

  /** 16-bit floats of one promise. */
  static final int PROMISE = Middle.COUNT + 1 + Window.TAILS + Window.TAILS * Tail.COUNT + 3;

  static final int PROMISED_MIDDLE = Middle.COUNT;
  static final int PROMISED_HIGH = PROMISED_MIDDLE + 1;
  static final int PROMISED_TAILS = PROMISED_HIGH + Window.TAILS;
  static final int PROMISED_SCALE = PROMISED_TAILS + Window.TAILS * Tail.COUNT;
  static final int PROMISED_ERROR = PROMISED_SCALE + 1;
  static final int PROMISED_KIND = PROMISED_ERROR + 1;

  private static final int MIDDLE = 0;
  private static final int TAIL = MIDDLE + 2 * Middle.COUNT + 1;
  private static final int CALIBRATION = TAIL + Window.TAILS * (2 * Tail.COUNT + 1);
  private static final int ERROR = CALIBRATION + Window.TAILS;
  private static final int BIAS = ERROR + 1;
  private static final int LEARNED = BIAS + 1;
  private static final int OUT = LEARNED + 1;
  private static final int PER_HORIZON = OUT + 1 + Window.TAILS;

  ModelLayout(int[] ahead) {
    horizons = ahead.length;
    open = new int[horizons];
    every = new int[horizons];
    firstPromise = new int[horizons];
    int sum = 0;
    for (int h = 0; h < horizons; h++) {
      // A near horizon is learned from at every chance, a far one three times in its own length.
      open[h] = ahead[h] <= 3 ? ahead[h] : 3;
      every[h] = (ahead[h] + open[h] - 1) / open[h];
      firstPromise[h] = sum;
      sum += open[h];
    }
    promises = sum;
    floats = horizons * PER_HORIZON + 1;
  }

  int middle(int h) {
    return h * PER_HORIZON + MIDDLE;
  }

  int tail(int h, int q) {
    return h * PER_HORIZON + TAIL + q * (2 * Tail.COUNT + 1);
  }

  int calibration(int h) {
    return h * PER_HORIZON + CALIBRATION;
  }

  int error(int h) {
    return h * PER_HORIZON + ERROR;
  }

  int bias(int h) {
    return h * PER_HORIZON + BIAS;
  }

  int learned(int h) {
    return h * PER_HORIZON + LEARNED;
  }

  int out(int h) {
    return h * PER_HORIZON + OUT;
  }

  int period() {
    return horizons * PER_HORIZON;
  }

  /** Bytes that the learned figures and the promises of one series take. */
  int bytesPerSeries() {
    return 4 * floats + promises * (2 * PROMISE + 8);
  }
}
