package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;
import io.drover.predictor.history.HistoryShape;
import java.util.Arrays;

/** Histories, learned figures and open promises of some hundred series, in flat arrays. */
final class ModelBank {
  static final int ROWS = 256;
  static final long NEVER = Long.MIN_VALUE;

  final HistoryBank history;
  final float[] model;
  final short[] promises;
  final long[] promisedAt;
  private final ModelLayout layout;

  ModelBank(HistoryShape shape, ModelLayout layout) {
    this.layout = layout;
    history = new HistoryBank(shape, ROWS);
    model = new float[ROWS * layout.floats];
    promises = new short[ROWS * layout.promises * ModelLayout.PROMISE];
    promisedAt = new long[ROWS * layout.promises];
    Arrays.fill(promisedAt, NEVER);
  }

  void clear(int row) {
    history.clear(row);
    Arrays.fill(model, row * layout.floats, (row + 1) * layout.floats, 0);
    forgetPromises(row);
  }

  void forgetPromises(int row) {
    Arrays.fill(promisedAt, row * layout.promises, (row + 1) * layout.promises, NEVER);
  }

  void promise(int promise, long slot, float[] said, float unit) {
    promisedAt[promise] = slot;
    int base = promise * ModelLayout.PROMISE;
    for (int i = 0; i < ModelLayout.PROMISED_KIND; i++) {
      promises[base + i] = Float.floatToFloat16(Math.min(65000f, said[i] * unit));
    }
    promises[base + ModelLayout.PROMISED_KIND] = (short) said[ModelLayout.PROMISED_KIND];
  }

  void recall(int promise, float[] said, float unit) {
    int base = promise * ModelLayout.PROMISE;
    for (int i = 0; i < ModelLayout.PROMISED_KIND; i++) {
      said[i] = Float.float16ToFloat(promises[base + i]) * unit;
    }
    said[ModelLayout.PROMISED_KIND] = promises[base + ModelLayout.PROMISED_KIND];
  }
}
