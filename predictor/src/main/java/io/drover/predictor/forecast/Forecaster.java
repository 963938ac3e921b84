package io.drover.predictor.forecast;

import io.drover.predictor.glitch.GlitchFilter;
import io.drover.predictor.glitch.Phases;
import io.drover.predictor.glitch.Span;
import io.drover.predictor.glitch.StablePeriod;
import io.drover.predictor.glitch.UnstableGroup;
import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes forecasts from histories. Pure: the same samples and settings give the same forecast.
 *
 * <p>The level is that of the newest samples of the newest stable period, without its glitches; the
 * noise is what that period (and, while it is young, earlier ones) showed around its level. How
 * long the phase has left comes from the lengths of the phases seen that lasted longer than this
 * one has; and, as one more witness, from the rule that what has lasted for a time usually lasts as
 * long again.
 */
public final class Forecaster {
  private static final int SHAPE_POINTS = 41;
  private static final int ENOUGH_RESIDUALS = 12;
  private static final int LEVEL_SPANS = 3;

  private final ForecastSettings settings;

  public Forecaster(ForecastSettings settings) {
    this.settings = settings;
  }

  public ForecastSettings settings() {
    return settings;
  }

  /**
   * The variation threshold for this history: the largest of floor, share of the level, and noise.
   */
  public double threshold(Samples samples) {
    if (samples.isEmpty()) {
      return settings.thresholdCores();
    }
    double[] values = samples.values();
    double usual = Quantiles.median(values);
    return Math.max(
        settings.thresholdCores(),
        Math.max(
            settings.thresholdShare() * usual, settings.thresholdNoise() * neighbourNoise(values)));
  }

  /** Splits the history into phases with the threshold that fits it. */
  public Phases phases(Samples samples) {
    return GlitchFilter.split(samples.values(), threshold(samples), settings.minStableSamples());
  }

  /** Forecasts from the history; {@code unknownLevel} is assumed when there is no sample at all. */
  public Forecast forecast(Samples samples, Instant now, double unknownLevel) {
    if (samples.isEmpty()) {
      return Forecast.unknown(now, unknownLevel);
    }
    double[] values = samples.values();
    Phases phases = phases(samples);
    boolean[] kept = keptSamples(values.length, phases);
    Forecast.Draft draft = new Forecast.Draft();
    draft.madeAt = now;
    draft.known = true;
    draft.trendReach = settings.trendReach();
    draft.threshold = phases.threshold();
    draft.longRun = thinned(select(values, kept, true));
    draft.recentLevel =
        Quantiles.median(
            Arrays.copyOfRange(
                values, Math.max(0, values.length - settings.minStableSamples()), values.length));
    describePhase(draft, samples, values, phases, now);
    describeUndecided(draft, values, phases);
    followTrend(draft, samples, kept, phases);
    draft.explanation = explain(draft, phases, now);
    return new Forecast(draft);
  }

  private void describePhase(
      Forecast.Draft draft, Samples samples, double[] values, Phases phases, Instant now) {
    Optional<StablePeriod> current = phases.current();
    if (current.isEmpty()) {
      draft.level = Quantiles.median(values);
      draft.residuals = thinned(minus(values, draft.level));
      return;
    }
    StablePeriod period = current.get();
    double[] own = periodValues(values, period);
    draft.level = Quantiles.median(newest(own, levelSamples()));
    draft.residuals = residuals(values, phases);
    Instant since = Instant.ofEpochMilli(samples.epochMillisAt(period.from()));
    draft.phaseSince = Optional.of(since);
    draft.expectedRemainingStable = remaining(samples, phases, Duration.between(since, now));
  }

  private static void describeUndecided(Forecast.Draft draft, double[] values, Phases phases) {
    Optional<UnstableGroup> undecided = phases.undecided();
    if (phases.current().isPresent() && undecided.isPresent()) {
      Span span = undecided.get().span();
      draft.undecidedSamples = span.length();
      draft.undecidedLevel = Quantiles.median(Arrays.copyOfRange(values, span.from(), span.to()));
    }
  }

  private void followTrend(Forecast.Draft draft, Samples samples, boolean[] kept, Phases phases) {
    boolean[] believed = kept.clone();
    phases
        .undecided()
        .map(UnstableGroup::span)
        .filter(span -> mayBeARamp(samples, span, draft.level, phases.threshold()))
        .ifPresent(span -> Arrays.fill(believed, span.from(), span.to(), true));
    Optional<Ramp> ramp = Ramp.find(samples, believed, settings.trendWindow(), phases.threshold());
    if (ramp.isEmpty()) {
      return;
    }
    draft.trendPerSecond = ramp.get().perSecond();
    if (ramp.get().perSecond() > 0) {
      draft.level = Math.max(0, ramp.get().levelNow());
      draft.residuals = thinned(ramp.get().residuals());
      draft.undecidedSamples = 0;
      // A ramp cuts its own phases short; it is taken to go on for as long as it took to be
      // noticed.
      if (draft.expectedRemainingStable.compareTo(settings.trendWindow()) < 0) {
        draft.expectedRemainingStable = settings.trendWindow();
      }
    }
  }

  /**
   * In a steep ramp nothing is ever stable, so its samples stay undecided. What tells it from a
   * glitch is that there are more of them than a glitch has, and that none is back at the level.
   */
  private boolean mayBeARamp(Samples samples, Span undecided, double level, double threshold) {
    if (undecided.length() < settings.minStableSamples()) {
      return false;
    }
    boolean above = true;
    boolean below = true;
    for (int i = undecided.from(); i < undecided.to(); i++) {
      above &= samples.valueAt(i) > level + threshold;
      below &= samples.valueAt(i) < level - threshold;
    }
    return above || below;
  }

  private Duration remaining(Samples samples, Phases phases, Duration age) {
    double ageMillis = Math.max((double) age.toMillis(), samples.medianIntervalMillis());
    double sum = ageMillis;
    int witnesses = 1;
    for (StablePeriod period : phases.periods().subList(0, phases.periods().size() - 1)) {
      double length = samples.epochMillisAt(period.to() - 1) - samples.epochMillisAt(period.from());
      if (length > ageMillis) {
        sum += length - ageMillis;
        witnesses++;
      }
    }
    return Duration.ofMillis(
        (long) Math.min(sum / witnesses, (double) settings.longestRemaining().toMillis()));
  }

  /** How many of a period's samples make a level: enough against noise, few against drift. */
  private int levelSamples() {
    return LEVEL_SPANS * settings.minStableSamples();
  }

  /**
   * Noise of the current period; topped up with that of earlier ones, then with the threshold
   * itself. Samples are compared with the level of their own time, since demand may wander slowly
   * within a period.
   */
  private double[] residuals(double[] values, Phases phases) {
    double[] pool = new double[values.length + 2];
    int size = 0;
    for (int i = phases.periods().size() - 1; i >= 0 && size < ENOUGH_RESIDUALS; i--) {
      double[] own = periodValues(values, phases.periods().get(i));
      for (int to = own.length; to > 0; to -= levelSamples()) {
        double[] part = Arrays.copyOfRange(own, Math.max(0, to - levelSamples()), to);
        double[] off = minus(part, Quantiles.median(part));
        System.arraycopy(off, 0, pool, size, off.length);
        size += off.length;
      }
    }
    if (size < ENOUGH_RESIDUALS) {
      pool[size++] = -phases.threshold() / 2;
      pool[size++] = phases.threshold() / 2;
    }
    return thinned(Arrays.copyOf(pool, size));
  }

  /** False for glitches and for undecided samples, which no forecast may rest on. */
  private static boolean[] keptSamples(int size, Phases phases) {
    boolean[] kept = new boolean[size];
    Arrays.fill(kept, true);
    for (UnstableGroup group : phases.groups()) {
      if (group.verdict() == UnstableGroup.Verdict.GLITCH
          || (group.verdict() == UnstableGroup.Verdict.UNDECIDED && group.span().from() > 0)) {
        Arrays.fill(kept, group.span().from(), group.span().to(), false);
      }
    }
    return kept;
  }

  /** Robust size of the differences between neighbours, in standard deviations of one sample. */
  private static double neighbourNoise(double[] values) {
    if (values.length < 8) {
      return 0;
    }
    double[] steps = new double[values.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Math.abs(values[i + 1] - values[i]);
    }
    return Quantiles.median(steps) * 1.4826 / Math.sqrt(2);
  }

  private static double[] periodValues(double[] values, StablePeriod period) {
    double[] out = new double[period.samples()];
    int at = 0;
    for (Span run : period.runs()) {
      System.arraycopy(values, run.from(), out, at, run.length());
      at += run.length();
    }
    return out;
  }

  private static double[] newest(double[] values, int count) {
    return Arrays.copyOfRange(values, Math.max(0, values.length - count), values.length);
  }

  private static double[] select(double[] values, boolean[] mask, boolean wanted) {
    double[] out = new double[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (mask[i] == wanted) {
        out[count++] = values[i];
      }
    }
    return Arrays.copyOf(out, count);
  }

  private static double[] minus(double[] values, double base) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i] - base;
    }
    return out;
  }

  private static double[] thinned(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Quantiles.thin(sorted, SHAPE_POINTS);
  }

  private static String explain(Forecast.Draft draft, Phases phases, Instant now) {
    StringBuilder text = new StringBuilder();
    if (draft.phaseSince.isEmpty()) {
      text.append("no stable period yet; about ").append(Text.cores(draft.level));
    } else {
      text.append(Text.cores(draft.level))
          .append(", stable for ")
          .append(Text.time(Duration.between(draft.phaseSince.get(), now)))
          .append(", expected for another ")
          .append(Text.time(draft.expectedRemainingStable));
    }
    if (draft.trendPerSecond != 0) {
      text.append(draft.trendPerSecond > 0 ? ", rising by " : ", falling by ")
          .append(Text.cores(Math.abs(draft.trendPerSecond) * 60))
          .append(" a minute");
    }
    if (phases.glitches() > 0) {
      text.append(", ").append(phases.glitches()).append(" glitches removed");
    }
    if (draft.undecidedSamples > 0) {
      text.append(", last ")
          .append(draft.undecidedSamples)
          .append(" samples near ")
          .append(Text.cores(draft.undecidedLevel))
          .append(" not decided yet");
    }
    return text.toString();
  }
}
