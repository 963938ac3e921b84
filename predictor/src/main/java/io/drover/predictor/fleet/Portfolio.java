package io.drover.predictor.fleet;

/**
 * Weights of models by how each has done lately, for any quantile.
 *
 * <p>Bernstein online aggregation with the gradient trick (Wintenberger, "Optimal learning with
 * Bernstein online aggregation", Machine Learning 106, 2017), discounted: each model has the sum of
 * its gains over the mixture and the sum of their squares, its learning rate follows from the
 * latter, and its weight from both and a prior. The loss is the pinball loss of the quantile.
 *
 * <p>The state of {@code count} models is laid out as gains, squares and one largest gain: {@code 2
 * count + 1} floats at an offset of an array.
 */
final class Portfolio {
  private Portfolio() {}

  static int size(int count) {
    return 2 * count + 1;
  }

  /**
   * Learns from what came.
   *
   * @param keep share of the past that is kept, 0 to 1
   * @param floor least size of a gain that counts, in the unit of the values
   */
  static void learn(
      float[] state,
      int at,
      int count,
      float[] said,
      int saidAt,
      float mixture,
      float came,
      float quantile,
      float keep,
      float floor) {
    float slope = mixture > came ? 1 - quantile : mixture < came ? -quantile : 0;
    float largest = Math.max(keep * state[at + 2 * count], floor);
    for (int e = 0; e < count; e++) {
      float gain = -slope * (said[saidAt + e] - mixture);
      state[at + e] = keep * state[at + e] + gain;
      state[at + count + e] = keep * state[at + count + e] + gain * gain;
      largest = Math.max(largest, Math.abs(gain));
    }
    state[at + 2 * count] = largest;
  }

  /**
   * Works out the weights; they add up to 1.
   *
   * @param rateLimit how far the learning rate may go, in units of the root of the squared gains
   */
  static void weights(
      float[] state, int at, int count, float[] logPrior, float rateLimit, float[] weights) {
    float best = merits(state, at, count, logPrior, rateLimit, weights);
    float sum = 0;
    for (int e = 0; e < count; e++) {
      weights[e] = exp(weights[e] - best);
      sum += weights[e];
    }
    for (int e = 0; e < count; e++) {
      weights[e] /= sum;
    }
  }

  /** What the models say, mixed by these weights; quicker than one after the other. */
  static float mixture(
      float[] state,
      int at,
      int count,
      float[] logPrior,
      float rateLimit,
      float[] said,
      int saidAt,
      float[] merits) {
    float best = merits(state, at, count, logPrior, rateLimit, merits);
    float sum = 0;
    float mixed = 0;
    for (int e = 0; e < count; e++) {
      float weight = exp(merits[e] - best);
      sum += weight;
      mixed += weight * said[saidAt + e];
    }
    return mixed / sum;
  }

  /** The logarithm of each weight but for a common term; returns the largest. */
  private static float merits(
      float[] state, int at, int count, float[] logPrior, float rateLimit, float[] merits) {
    float largest = state[at + 2 * count];
    if (!(largest > 0)) {
      largest = Float.MIN_NORMAL;
    }
    float most = 0.5f / largest;
    float least = 1e-6f * largest * largest;
    float best = Float.NEGATIVE_INFINITY;
    for (int e = 0; e < count; e++) {
      float rate = Math.min(most, rateLimit / (float) Math.sqrt(state[at + count + e] + least));
      merits[e] = rate * state[at + e] + logPrior[e];
      best = Math.max(best, merits[e]);
    }
    return best;
  }

  static float mix(float[] weights, int weightsAt, float[] values, int valuesAt, int count) {
    float sum = 0;
    for (int e = 0; e < count; e++) {
      sum += weights[weightsAt + e] * values[valuesAt + e];
    }
    return sum;
  }

  /** e to the power of x for x from -20 to 20, to about 2 in 10,000. */
  static float factor(float x) {
    return x <= 0 ? exp(x) : 1 / exp(-x);
  }

  /** e to the power of x for x not above 0, to about 2 in 10,000; as for -30 below that. */
  static float exp(float x) {
    // Without a branch, so that the compiler can work on several at once.
    float scaled = Math.max(x, -30f) * 1.442695f;
    int whole = (int) scaled - 1;
    float part = scaled - whole;
    float fraction = 1 + part * (0.6951786f + part * (0.2276925f + part * 0.0771289f));
    return Float.intBitsToFloat((whole + 127) << 23) * fraction;
  }
}
