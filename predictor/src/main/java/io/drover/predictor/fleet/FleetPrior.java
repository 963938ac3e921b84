package io.drover.predictor.fleet;

import java.util.Arrays;

/**
 * What the fleet as a whole has taught: for series of one kind at one horizon, the mixture of
 * models that did best over all of them, how wide a spread has to be, and by how much the upper
 * quantiles have to be corrected. A new series starts from it.
 *
 * <p>It learns in batches, from gains in units of each series' own scale, so that neither many nor
 * large series drown the others, by the same rule as a single series ({@link Portfolio}).
 */
final class FleetPrior {
  private static final int LEAST_BATCH = 32;
  private static final int MOST_BATCH = 256;
  private static final float KEEP = 0.999f;
  private static final float RATE = 0.8f * 1.5811388f;
  private static final float LEAST_LOG = -8;

  /** How many standard deviations above its mean a normal variable has each upper quantile. */
  static final float[] NORMAL = {1.28f, 1.64f, 2.33f};

  private static final float[] UNSEEN = {0, 0.05f, 0.2f};

  /** Farther ahead is never surer. */
  private static final float[] FARTHER = {0, 0.05f, 0.1f};

  private static final float[] MIDDLE_PRIOR = middlePrior();
  private static final float[] TAIL_PRIOR = tailPrior();

  private final int batchMiddle = Middle.OWN;
  private final Mixture middle = new Mixture(MIDDLE_PRIOR);
  private final Mixture[] tails = new Mixture[Window.TAILS];
  private final float[] spread = new float[Window.TAILS];
  private final float[] correction = new float[Window.TAILS];
  private final int[] spreadMisses = new int[Window.TAILS];
  private final int[] misses = new int[Window.TAILS];
  private int examples;
  private int batches;

  /**
   * Before anything was learned: a short history has not seen its extremes yet.
   *
   * @param age as in {@link Window#age}
   */
  FleetPrior(int age) {
    for (int q = 0; q < Window.TAILS; q++) {
      tails[q] = new Mixture(TAIL_PRIOR);
      spread[q] = (float) Math.log(1.2 * NORMAL[q]);
      correction[q] = age * UNSEEN[q];
    }
  }

  float middle(float[] said) {
    return Portfolio.mix(middle.weights, 0, said, 0, batchMiddle);
  }

  float tail(int q, float[] said, int at) {
    return Portfolio.mix(tails[q].weights, 0, said, at, Tail.OWN);
  }

  float middleWeight(int model) {
    return middle.weights[model];
  }

  float tailWeight(int q, int model) {
    return tails[q].weights[model];
  }

  /** How many usual errors above the middle the quantile lies. */
  float spread(int q) {
    return Portfolio.factor(spread[q]);
  }

  /** Logarithm of the factor on the distance of the quantile from the middle. */
  float correction(int q) {
    return correction[q];
  }

  /** Batches learned so far. */
  int batches() {
    return batches;
  }

  /** Starts the corrections where those of a nearer horizon stand; before anything was learned. */
  void startFrom(FleetPrior nearer) {
    for (int q = 0; q < correction.length; q++) {
      correction[q] = nearer.correction[q] + FARTHER[q];
    }
    System.arraycopy(nearer.spread, 0, spread, 0, spread.length);
  }

  void learnMiddle(float[] said, float came, float scale) {
    middle.learn(said, 0, said[Middle.OWN], came, 0.5f, scale);
  }

  void learnTail(
      int q,
      float[] said,
      int at,
      float came,
      float scale,
      float quantile,
      boolean missed,
      boolean narrow) {
    tails[q].learn(said, at, said[at + Tail.OWN], came, quantile, scale);
    spreadMisses[q] += narrow ? 1 : 0;
    misses[q] += missed ? 1 : 0;
  }

  /** One example is complete; true when that closed a batch. */
  boolean step() {
    examples++;
    if (examples < Math.min(MOST_BATCH, LEAST_BATCH + 4 * batches)) {
      return false;
    }
    middle.close();
    float gain = (float) Math.max(0.01, 0.05 / (1 + batches / 8.0));
    for (int q = 0; q < Window.TAILS; q++) {
      tails[q].close();
      float level = (float) (1 - FleetShape.QUANTILES.get(q + 1));
      spread[q] = move(spread[q], gain, spreadMisses[q], level, 5);
      correction[q] = move(correction[q], gain, misses[q], level, 2);
      spreadMisses[q] = 0;
      misses[q] = 0;
    }
    examples = 0;
    batches++;
    return true;
  }

  private float move(float value, float gain, int missed, float level, float bound) {
    float excess = ((float) missed / examples - level) / level;
    // Few examples show a rare miss by chance: the step stays small against that noise.
    float limited = Math.clamp(excess, -1f, 3f);
    return Math.clamp(value + gain * limited, -bound, bound);
  }

  /** Weights of models, learned in batches. */
  private static final class Mixture {
    final float[] weights;
    private final float[] logPrior;
    private final float[] batch;
    private final float[] state;
    private float scales;

    Mixture(float[] prior) {
      int n = prior.length;
      logPrior = new float[n];
      weights = prior.clone();
      batch = new float[n];
      state = new float[Portfolio.size(n)];
      for (int e = 0; e < n; e++) {
        logPrior[e] = (float) Math.log(prior[e]);
      }
    }

    void learn(float[] said, int at, float mixture, float came, float quantile, float scale) {
      float slope = mixture > came ? 1 - quantile : mixture < came ? -quantile : 0;
      float bound = 20 * scale;
      for (int e = 0; e < batch.length; e++) {
        batch[e] -= slope * Math.clamp(said[at + e] - mixture, -bound, bound);
      }
      scales += scale;
    }

    void close() {
      int n = batch.length;
      if (!(scales > 0)) {
        return;
      }
      float largest = Math.max(KEEP * state[2 * n], 1e-9f);
      for (int e = 0; e < n; e++) {
        float gain = batch[e] / scales;
        state[e] = KEEP * state[e] + gain;
        state[n + e] = KEEP * state[n + e] + gain * gain;
        largest = Math.max(largest, Math.abs(gain));
      }
      state[2 * n] = largest;
      weigh(n, largest);
      Arrays.fill(batch, 0);
      scales = 0;
    }

    private void weigh(int n, float largest) {
      float best = Float.NEGATIVE_INFINITY;
      for (int e = 0; e < n; e++) {
        float rate = Math.min(0.5f / largest, RATE / (float) Math.sqrt(state[n + e] + 1e-6f));
        weights[e] = rate * state[e] + logPrior[e];
        best = Math.max(best, weights[e]);
      }
      float sum = 0;
      for (int e = 0; e < n; e++) {
        weights[e] = Portfolio.exp(Math.max(LEAST_LOG, weights[e] - best));
        sum += weights[e];
      }
      for (int e = 0; e < n; e++) {
        weights[e] /= sum;
      }
    }
  }

  private static float[] middlePrior() {
    double sum = 0;
    for (Middle model : Middle.values()) {
      sum += model.prior;
    }
    float[] prior = new float[Middle.OWN];
    for (Middle model : Middle.values()) {
      if (model != Middle.FLEET) {
        prior[model.at] = (float) (model.prior / sum);
      }
    }
    return prior;
  }

  private static float[] tailPrior() {
    float[] prior = new float[Tail.OWN];
    Arrays.fill(prior, 1f / Tail.OWN);
    return prior;
  }
}
