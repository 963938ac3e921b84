package io.drover.predictor.forecast;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one virtual machine is expected to demand of one resource.
 *
 * <p>The forecast is a mixture: while the present phase lasts, demand is its level, plus its trend,
 * plus the noise seen; once it has ended, demand is anything the history has shown. How much each
 * counts depends on how far ahead one asks and on how long phases have lasted so far. Immutable and
 * free of NaN; every quantile is at least zero.
 *
 * <p>This is the quick forecast: it follows a new level within a few samples, and leaves out what
 * may be a glitch. {@link #withLearned} adds what the fleet's predictor has learned over hours.
 * Each quantile is then a mean of both, weighted by {@link LearnedRange#share}: the quick one alone
 * for what is nearer than a slot and while demand is outside of what was learned, the learned one
 * alone from two slots on. A mean of two functions that rise with the quantile rises too. While a
 * ramp is under way it is never less than the quick one, since hosts are woken by that.
 */
public final class Forecast {
  private final Instant madeAt;
  private final boolean known;
  private final double level;
  private final Optional<Instant> phaseSince;
  private final Duration expectedRemainingStable;
  private final double trendPerSecond;
  private final Duration trendReach;
  private final int undecidedSamples;
  private final double undecidedLevel;
  private final double recentLevel;
  private final double[] residuals;
  private final double[] longRun;
  private final double threshold;
  private final Optional<LearnedRange> learned;
  private final String explanation;

  Forecast(Draft draft) {
    madeAt = draft.madeAt;
    known = draft.known;
    level = draft.level;
    phaseSince = draft.phaseSince;
    expectedRemainingStable = draft.expectedRemainingStable;
    trendPerSecond = draft.trendPerSecond;
    trendReach = draft.trendReach;
    undecidedSamples = draft.undecidedSamples;
    undecidedLevel = draft.undecidedLevel;
    recentLevel = draft.recentLevel;
    residuals = draft.residuals.clone();
    longRun = draft.longRun.clone();
    threshold = draft.threshold;
    learned = Optional.empty();
    explanation = draft.explanation;
    Arrays.sort(residuals);
    Arrays.sort(longRun);
  }

  private Forecast(Forecast quick, LearnedRange range) {
    madeAt = quick.madeAt;
    known = quick.known;
    level = quick.level;
    phaseSince = quick.phaseSince;
    expectedRemainingStable = quick.expectedRemainingStable;
    trendPerSecond = quick.trendPerSecond;
    trendReach = quick.trendReach;
    undecidedSamples = quick.undecidedSamples;
    undecidedLevel = quick.undecidedLevel;
    recentLevel = quick.recentLevel;
    residuals = quick.residuals;
    longRun = quick.longRun;
    threshold = quick.threshold;
    learned = Optional.of(range);
    explanation = quick.explanation + range.words(madeAt, level, threshold);
  }

  /** The same with what was learned of the series; one that knows no sample stays as it is. */
  public Forecast withLearned(LearnedRange range) {
    return known ? new Forecast(this, range) : this;
  }

  /** The fields of a forecast while it is being made. */
  static final class Draft {
    Instant madeAt = Instant.EPOCH;
    boolean known;
    double level;
    Optional<Instant> phaseSince = Optional.empty();
    Duration expectedRemainingStable = Duration.ZERO;
    double trendPerSecond;
    Duration trendReach = Duration.ZERO;
    int undecidedSamples;
    double undecidedLevel;
    double recentLevel;
    double[] residuals = {0};
    double[] longRun = {0};
    double threshold;
    String explanation = "";
  }

  /** A forecast for a machine that has shown nothing yet: an assumed level, marked as not known. */
  public static Forecast unknown(Instant madeAt, double assumedLevel) {
    Draft draft = new Draft();
    draft.madeAt = madeAt;
    draft.level = Math.max(0, assumedLevel);
    draft.recentLevel = draft.level;
    draft.longRun = new double[] {draft.level};
    draft.explanation = "no samples yet; assumed to need " + Text.cores(draft.level);
    return new Forecast(draft);
  }

  /**
   * A forecast of one steady level that has lasted since {@code since} and goes on as long again.
   */
  public static Forecast steady(Instant madeAt, Instant since, double level) {
    Draft draft = new Draft();
    draft.madeAt = madeAt;
    draft.known = true;
    draft.level = Math.max(0, level);
    draft.recentLevel = draft.level;
    draft.phaseSince = Optional.of(since);
    draft.expectedRemainingStable = Duration.between(since, madeAt);
    draft.longRun = new double[] {draft.level};
    draft.explanation = "steady at " + Text.cores(draft.level);
    return new Forecast(draft);
  }

  /**
   * The demand that is not exceeded with probability {@code q}, {@code ahead} from now, counting
   * that the phase may end before.
   */
  public double quantile(double q, Duration ahead) {
    checkQuantile(q);
    return withLearned(quickQuantile(q, ahead), q, ahead);
  }

  private double quickQuantile(double q, Duration ahead) {
    double change = changeProbability(ahead);
    if (change <= 0) {
      return quickInPhase(q, ahead);
    }
    double shift = level + rise(ahead);
    double low = Math.min(shift + residuals[0], longRun[0]);
    double high = Math.max(shift + residuals[residuals.length - 1], longRun[longRun.length - 1]);
    // 40 halvings leave less than a millionth of a core of any range that CPUs have.
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      double below =
          (1 - change) * share(residuals, middle - shift) + change * share(longRun, middle);
      if (below < q) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.max(0, high);
  }

  /**
   * The same while the present phase, with its trend, lasts; what was learned makes no difference
   * between the two, for it knows how phases end.
   */
  public double inPhaseQuantile(double q, Duration ahead) {
    checkQuantile(q);
    return withLearned(quickInPhase(q, ahead), q, ahead);
  }

  private double withLearned(double quick, double q, Duration ahead) {
    if (learned.isEmpty()) {
      return quick;
    }
    double share = learnedShare(ahead);
    double both = (1 - share) * quick + share * learned.get().quantile(q, madeAt.plus(ahead));
    return trendPerSecond > 0 ? Math.max(quick, both) : both;
  }

  /** How much of what is forecast for then is what was learned, 0 to 1. */
  public double learnedShare(Duration ahead) {
    return learned.map(range -> range.share(madeAt, ahead, level, threshold)).orElse(0.0);
  }

  private double quickInPhase(double q, Duration ahead) {
    return Math.max(0, level + rise(ahead) + Quantiles.ofSorted(residuals, q));
  }

  /** How likely the present phase ends before {@code ahead} has passed: 0 to 1. */
  public double changeProbability(Duration ahead) {
    double remaining = expectedRemainingStable.toMillis();
    double change =
        remaining <= 0
            ? (ahead.isZero() ? 0 : 1)
            : 1 - Math.exp(-Math.max(0, ahead.toMillis()) / remaining);
    // Undecided samples at the end are a phase change as often as a glitch, as far as one can tell.
    return undecidedSamples > 0 ? Math.max(change, 0.5) : change;
  }

  public Instant madeAt() {
    return madeAt;
  }

  /** False while there is no sample to go by, and the level is an assumption. */
  public boolean known() {
    return known;
  }

  /** Level of the newest decided phase; samples that may be a glitch do not change it. */
  public double level() {
    return level;
  }

  /** When the present phase began; empty before a first stable period was seen. */
  public Optional<Instant> phaseSince() {
    return phaseSince;
  }

  /** True once a stable period has been seen, so that the level rests on more than a guess. */
  public boolean decided() {
    return phaseSince.isPresent();
  }

  public Duration expectedRemainingStable() {
    return expectedRemainingStable;
  }

  /**
   * Sustained change per second; zero when no ramp was found. A fall is shown but not extrapolated.
   */
  public double trendPerSecond() {
    return trendPerSecond;
  }

  /** Samples at the open end that may be a glitch or the start of a new phase. */
  public int undecidedSamples() {
    return undecidedSamples;
  }

  /** The middle of the undecided samples; the level when there are none. */
  public double undecidedLevel() {
    return undecidedSamples > 0 ? undecidedLevel : level;
  }

  /** The middle of the very newest samples, decided or not: ahead of the level, and less sure. */
  public double recentLevel() {
    return recentLevel;
  }

  /** The forecast in a sentence for an operator. */
  public String explanation() {
    return explanation;
  }

  @Override
  public String toString() {
    return "Forecast[" + explanation + "]";
  }

  private double rise(Duration ahead) {
    if (trendPerSecond <= 0 || ahead.isNegative()) {
      return 0;
    }
    return trendPerSecond * Math.min(ahead.toMillis(), trendReach.toMillis()) / 1000;
  }

  private static void checkQuantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile is " + q + "; accepted: 0 to 1");
    }
  }

  /**
   * The interpolated share of the sorted values that lies at or below x: the inverse of the
   * quantile.
   */
  private static double share(double[] sorted, double x) {
    int n = sorted.length;
    if (x < sorted[0]) {
      return 0;
    }
    if (x >= sorted[n - 1]) {
      return 1;
    }
    int at = Arrays.binarySearch(sorted, x);
    int upper = at < 0 ? -at - 1 : at + 1;
    while (upper < n && sorted[upper] <= x) {
      upper++;
    }
    double below = sorted[upper - 1];
    double above = sorted[upper];
    return (upper - 1 + (x - below) / (above - below)) / (n - 1);
  }
}
