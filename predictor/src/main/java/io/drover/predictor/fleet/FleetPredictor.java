package io.drover.predictor.fleet;

import io.drover.predictor.history.HistoryBank;
import io.drover.predictor.history.Taken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Forecasts of one resource for a fleet of series.
 *
 * <p><b>Use.</b> {@link #add} a series, {@link #observe} its samples as they come, {@link
 * #forecast} after a sample that opened a slot, and read {@link #quantile} as often as liked:
 * reading works nothing out.
 *
 * <p><b>How it works.</b> Each {@link Middle} model says what it expects at each horizon; their
 * weights come from how each has done lately on this very series ({@link Portfolio}), starting from
 * what suits the fleet ({@link FleetPrior}). The upper quantiles are put together in the same way
 * from the {@link Tail} models. Then the distance of each quantile from the middle is corrected by
 * a factor of the fleet's and one of the series' own, which grow when more is missed than should be
 * and shrink otherwise: adaptive conformal inference (Gibbs and Candès, NeurIPS 2021), in the form
 * of a quantile tracker. Losses become known when a forecast's time has come; the forecasts that
 * are waiting for theirs are kept as promises, three at most for a horizon.
 *
 * <p>Not thread-safe. {@link #observe} and {@link #forecast} allocate nothing once the series was
 * added.
 */
public final class FleetPredictor {
  private static final float KEEP = 0.9995f;
  private static final float MIDDLE_RATE = 1.2f * 1.5811388f;
  private static final float TAIL_RATE = 1.0f * 1.5811388f;

  /** What is forgotten of a tail's losses: the rarer its misses, the longer it takes to tell. */
  private static final double TAIL_FORGETS = 0.005;

  private static final double FLEET_SHARE = 0.6;
  private static final float CALIBRATION_STEP = 0.01f;
  private static final float CALIBRATION_KEEP = 0.998f;
  private static final float CALIBRATION_BOUND = 1.5f;
  private static final int ERROR_WINDOW = 48;
  private static final int CARE_EVERY = 48;
  private static final int NAMED_MODELS = 3;

  /** What a series does before it has so many samples teaches the fleet nothing but fear. */
  private static final int LEAST_TO_LEARN = 6;

  private final FleetShape shape;
  private final int[] ahead;
  private final ModelLayout layout;
  private final List<ModelBank> banks = new ArrayList<>();
  private final FleetPrior[] priors;
  private final float[] keep;
  private final float[][] tailKeep;
  private final float[] quantiles;
  private final Window window;
  private final Patterns patterns;
  private final Experts experts;
  private final float[] said = new float[ModelLayout.PROMISE];
  private final float[] weights = new float[Middle.COUNT];
  private final float[] middleLogPrior = new float[Middle.COUNT];
  private final float[] tailLogPrior = new float[Tail.COUNT];
  private final Sums sums;
  private int size;

  /** A predictor of a fleet without series. */
  public FleetPredictor(FleetShape shape) {
    this.shape = shape;
    ahead = shape.horizonArray();
    layout = new ModelLayout(ahead);
    priors = new FleetPrior[ahead.length * Window.KINDS];
    for (int i = 0; i < priors.length; i++) {
      priors[i] = new FleetPrior(Window.age(i % Window.KINDS));
    }
    keep = new float[ahead.length];
    for (int h = 0; h < ahead.length; h++) {
      keep[h] = (float) Math.pow(KEEP, layout.every[h]);
    }
    quantiles = new float[Window.TAILS];
    tailKeep = new float[Window.TAILS][ahead.length];
    for (int q = 0; q < Window.TAILS; q++) {
      double share = FleetShape.QUANTILES.get(q + 1);
      quantiles[q] = (float) share;
      for (int h = 0; h < ahead.length; h++) {
        tailKeep[q][h] = (float) Math.pow(1 - TAIL_FORGETS * (1 - share), layout.every[h]);
      }
    }
    window = new Window(shape.history().fineSlots());
    patterns = new Patterns(shape.history().fineSlots());
    experts = new Experts(shape.day(), shape.history(), patterns);
    sums = new Sums(ahead);
    setPriors();
  }

  private void setPriors() {
    FleetPrior fresh = new FleetPrior(0);
    for (int e = 0; e < Middle.OWN; e++) {
      middleLogPrior[e] = (float) Math.log((1 - FLEET_SHARE) * fresh.middleWeight(e));
    }
    middleLogPrior[Middle.OWN] = (float) Math.log(FLEET_SHARE);
    for (int e = 0; e < Tail.OWN; e++) {
      tailLogPrior[e] = (float) Math.log((1 - FLEET_SHARE) * fresh.tailWeight(0, e));
    }
    tailLogPrior[Tail.OWN] = (float) Math.log(FLEET_SHARE);
  }

  public FleetShape shape() {
    return shape;
  }

  /** Makes room for one more series and returns its number: 0, 1, 2 and so on. */
  public int add() {
    if (size % ModelBank.ROWS == 0) {
      banks.add(new ModelBank(shape.history(), layout));
    }
    size++;
    return size - 1;
  }

  /** How many series there are. */
  public int size() {
    return size;
  }

  /** Forgets all about a series, so that its number can be given to another. */
  public void clear(int series) {
    bank(series).clear(row(series));
  }

  /** Bytes that one series takes: its history, and what was learned. */
  public int bytesPerSeries() {
    return shape.history().bytesPerSeries() + layout.bytesPerSeries();
  }

  /** The histories that a series is in, for reading; its row is {@link #row}. */
  HistoryBank history(int series) {
    return bank(series).history;
  }

  static int row(int series) {
    return series % ModelBank.ROWS;
  }

  /**
   * Takes a sample and learns from it: forecasts whose time it is are held against it. Several
   * samples of one interval are averaged, but learning looks at the first: callers that sample more
   * often than the interval hand in the mean of each.
   */
  public Taken observe(int series, long epochMillis, double value) {
    ModelBank bank = bank(series);
    int row = row(series);
    int unit = bank.history.exponent(row);
    Taken taken = bank.history.add(row, epochMillis, value);
    if (bank.history.exponent(row) != unit) {
      bank.forgetPromises(row);
    }
    if (taken == Taken.NEW_SLOT) {
      learn(bank, row, series, (float) Math.min(value, HistoryBank.LARGEST));
    }
    return taken;
  }

  private void learn(ModelBank bank, int row, int series, float came) {
    long slot = bank.history.newestSlot(row);
    for (int h = 0; h < ahead.length; h++) {
      long origin = slot - ahead[h];
      int promise = promise(row, series, h, origin);
      if (promise >= 0 && bank.promisedAt[promise] == origin) {
        bank.promisedAt[promise] = ModelBank.NEVER;
        bank.recall(promise, said, Math.scalb(1f, bank.history.exponent(row)));
        learn(bank.model, row * layout.floats, h, came);
      }
    }
  }

  private void learn(float[] model, int base, int h, float came) {
    float scale = Math.max(1e-20f, said[ModelLayout.PROMISED_SCALE]);
    FleetPrior prior = priors[h * Window.KINDS + (int) said[ModelLayout.PROMISED_KIND]];
    float middle = said[ModelLayout.PROMISED_MIDDLE];
    prior.learnMiddle(said, came, scale);
    int at = base + layout.middle(h);
    Portfolio.learn(model, at, Middle.COUNT, said, 0, middle, came, 0.5f, keep[h], 1e-3f * scale);
    learnErrors(model, base, h, came, scale);
    float error = said[ModelLayout.PROMISED_ERROR];
    for (int q = 0; q < Window.TAILS; q++) {
      int tails = ModelLayout.PROMISED_TAILS + q * Tail.COUNT;
      float mixed = said[ModelLayout.PROMISED_HIGH + q];
      int calibration = base + layout.calibration(h) + q;
      // Held against the corrections of now: those of then would answer for what was since mended,
      // and a far horizon would overshoot.
      float high = middle + width(mixed, middle, scale, prior.correction(q) + model[calibration]);
      boolean missed = came > high;
      boolean narrow = came > middle + error * prior.spread(q);
      prior.learnTail(q, said, tails, came, scale, quantiles[q], missed, narrow);
      Portfolio.learn(
          model,
          base + layout.tail(h, q),
          Tail.COUNT,
          said,
          tails,
          mixed,
          came,
          quantiles[q],
          tailKeep[q][h],
          0.1f * scale);
      float moved =
          model[calibration] + CALIBRATION_STEP * (missed ? quantiles[q] : quantiles[q] - 1);
      model[calibration] =
          Math.clamp(CALIBRATION_KEEP * moved, -CALIBRATION_BOUND, CALIBRATION_BOUND);
    }
    if (prior.step() && prior.batches() == 1) {
      // Farther horizons have seen nothing yet; what is known nearer is a better start.
      for (int far = h + 1; far < ahead.length; far++) {
        for (int kind = 0; kind < Window.KINDS; kind++) {
          FleetPrior next = priors[far * Window.KINDS + kind];
          if (next.batches() == 0 && kind == (int) said[ModelLayout.PROMISED_KIND]) {
            next.startFrom(prior);
          }
        }
      }
    }
  }

  private void learnErrors(float[] model, int base, int h, float came, float scale) {
    int learned = base + layout.learned(h);
    int error = base + layout.error(h);
    int bias = base + layout.bias(h);
    if (model[learned] == 0) {
      model[error] = scale;
    }
    float most = 20 * model[error] + 1e-3f * scale;
    float miss = came - said[ModelLayout.PROMISED_MIDDLE];
    float share =
        Math.max(1f / ((float) ERROR_WINDOW / layout.every[h] + 4), 1 / (model[learned] + 3));
    model[error] += share * (Math.min(Math.abs(miss), most) - model[error]);
    model[bias] += share * (Math.clamp(miss, -most, most) - model[bias]);
    model[learned] = Math.min(1e6f, model[learned] + 1);
  }

  /** Works out the forecasts of a series from its newest sample on. */
  public void forecast(int series) {
    ModelBank bank = bank(series);
    int row = row(series);
    if (!window.load(bank.history, row)) {
      return;
    }
    int base = row * layout.floats;
    float[] model = bank.model;
    long slot = bank.history.newestSlot(row);
    if (Math.floorMod(slot + series, CARE_EVERY) == CARE_EVERY - 1) {
      model[base + layout.period()] =
          patterns.period(window.values, window.count, window.median288);
      tidy(bank, row);
    }
    patterns.match(window.values, window.count);
    float unit = Math.scalb(1f, -bank.history.exponent(row));
    for (int h = 0; h < ahead.length; h++) {
      forecast(bank, row, h);
      int promise = promise(row, series, h, slot);
      if (promise >= 0 && window.count >= LEAST_TO_LEARN) {
        bank.promise(promise, slot, said, unit);
      }
    }
  }

  private static void tidy(ModelBank bank, int row) {
    int before = bank.history.exponent(row);
    bank.history.tidy(row);
    if (bank.history.exponent(row) != before) {
      bank.forgetPromises(row);
    }
  }

  private void forecast(ModelBank bank, int row, int h) {
    float[] model = bank.model;
    int base = row * layout.floats;
    FleetPrior prior = priors[h * Window.KINDS + window.kind];
    int period = (int) model[base + layout.period()];
    experts.middle(window, bank.history, row, ahead[h], period, said);
    said[Middle.OWN] = prior.middle(said);
    float mixedMiddle =
        Portfolio.mixture(
            model,
            base + layout.middle(h),
            Middle.COUNT,
            middleLogPrior,
            MIDDLE_RATE,
            said,
            0,
            weights);
    float middle = Math.max(0, mixedMiddle);
    int out = base + layout.out(h);
    model[out] = middle;
    said[ModelLayout.PROMISED_MIDDLE] = middle;
    said[ModelLayout.PROMISED_SCALE] = window.scale;
    said[ModelLayout.PROMISED_KIND] = window.kind;
    float error = usualError(model, base, h);
    said[ModelLayout.PROMISED_ERROR] = error;
    float below = middle;
    for (int q = 0; q < Window.TAILS; q++) {
      int at = ModelLayout.PROMISED_TAILS + q * Tail.COUNT;
      experts.tail(window, q, middle, error, prior.spread(q), said, at);
      said[at + Tail.OWN] = prior.tail(q, said, at);
      float mixed =
          Portfolio.mixture(
              model,
              base + layout.tail(h, q),
              Tail.COUNT,
              tailLogPrior,
              TAIL_RATE,
              said,
              at,
              weights);
      float correction = prior.correction(q) + model[base + layout.calibration(h) + q];
      float high = middle + width(mixed, middle, window.scale, correction);
      below = Math.max(below, high);
      model[out + 1 + q] = below;
      said[ModelLayout.PROMISED_HIGH + q] = mixed;
    }
  }

  /** Distance of a quantile from the middle, corrected; never quite zero, so that it can grow. */
  private static float width(float mixed, float middle, float scale, float correction) {
    return (Math.max(0, mixed - middle) + 0.05f * scale) * Portfolio.factor(correction);
  }

  /**
   * Between what this series' forecasts have missed by and what it moves by: young ones lean on the
   * latter.
   */
  private float usualError(float[] model, int base, int h) {
    if (model[base + layout.learned(h)] == 0) {
      return window.scale;
    }
    float error = model[base + layout.error(h)];
    return (float) Math.sqrt((error + 0.02f * window.scale) * (0.3f * window.scale + 0.7f * error));
  }

  /** Index of the promise that a forecast made at {@code origin} is kept as; -1 when it is not. */
  private int promise(int row, int series, int h, long origin) {
    int every = layout.every[h];
    int turn = Math.floorMod(origin + series, every * layout.open[h]);
    return turn % every == 0 ? row * layout.promises + layout.firstPromise[h] + turn / every : -1;
  }

  /** The forecast of a quantile, by index, at a horizon, by index; 0 before the first sample. */
  public float quantile(int series, int horizon, int quantile) {
    ModelBank bank = bank(series);
    return bank.model[row(series) * layout.floats + layout.out(horizon) + quantile];
  }

  /** Why the forecast at a horizon, by index, is what it is; the fleet's mixture is taken apart. */
  public Explained explain(int series, int horizon) {
    ModelBank bank = bank(series);
    int base = row(series) * layout.floats;
    float[] model = bank.model;
    boolean known = window.load(bank.history, row(series));
    FleetPrior prior = priors[horizon * Window.KINDS + (known ? window.kind : 0)];
    Portfolio.weights(
        model, base + layout.middle(horizon), Middle.COUNT, middleLogPrior, MIDDLE_RATE, weights);
    List<Explained.Share> shares = new ArrayList<>();
    for (Middle one : Middle.values()) {
      if (one != Middle.FLEET) {
        double share = weights[one.at] + weights[Middle.OWN] * prior.middleWeight(one.at);
        shares.add(new Explained.Share(one.label, share));
      }
    }
    shares.sort((a, b) -> Double.compare(b.weight(), a.weight()));
    List<Double> quantileValues = new ArrayList<>();
    for (int q = 0; q < FleetShape.QUANTILES.size(); q++) {
      quantileValues.add((double) quantile(series, horizon, q));
    }
    float correction = prior.correction(1) + model[base + layout.calibration(horizon) + 1];
    return new Explained(
        ahead[horizon],
        quantileValues,
        shares.subList(0, NAMED_MODELS),
        model[base + layout.error(horizon)],
        Portfolio.factor(correction));
  }

  /** All samples of an interval were taken: the quantiles of sums are held against what came. */
  public void endOfSlot(long slot) {
    sums.endOfSlot(this, slot);
  }

  /**
   * Works out the quantiles of what the first {@code count} of the series demand together: for each
   * horizon one value for each of {@link FleetShape#QUANTILES}. Their forecasts and their joint
   * past are read; nothing is allocated.
   */
  public void sum(int[] series, int count, float[] out) {
    sums.quantiles(this, series, count, out);
  }

  /** The middle at a horizon, and what it has been off by on average. */
  float expected(int series, int h) {
    float[] model = bank(series).model;
    int base = row(series) * layout.floats;
    return model[base + layout.out(h)] + model[base + layout.bias(h)];
  }

  private ModelBank bank(int series) {
    if (series < 0 || series >= size) {
      throw new IllegalArgumentException("series is " + series + "; accepted: 0 to " + (size - 1));
    }
    return banks.get(series / ModelBank.ROWS);
  }

  @Override
  public String toString() {
    return "FleetPredictor of " + size + " series at " + Arrays.toString(ahead);
  }
}
