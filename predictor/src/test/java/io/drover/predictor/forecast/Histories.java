package io.drover.predictor.forecast;

import io.drover.predictor.history.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Builds histories with a sample every five seconds. */
final class Histories {
  static final ForecastSettings SETTINGS =
      new ForecastSettings(
          1000, 4, 0.05, 0.2, 4, Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(8));
  static final long STEP_MILLIS = 5000;

  private final List<Double> values = new ArrayList<>();
  private final Random random;
  private final double noise;

  /** A history whose samples are off by at most {@code noise} cores. */
  Histories(long seed, double noise) {
    random = new Random(seed);
    this.noise = noise;
  }

  Histories level(double cores, int samples) {
    return ramp(cores, cores, samples);
  }

  Histories ramp(double from, double to, int samples) {
    for (int i = 0; i < samples; i++) {
      double clean = from + (to - from) * i / Math.max(1, samples - 1);
      values.add(Math.max(0, clean + noise * (2 * random.nextDouble() - 1)));
    }
    return this;
  }

  Samples samples() {
    long[] times = new long[values.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = STEP_MILLIS * i;
    }
    return Samples.of(times, values.stream().mapToDouble(v -> v).toArray());
  }

  /** The time of the newest sample. */
  Instant now() {
    return Instant.ofEpochMilli(STEP_MILLIS * (values.size() - 1));
  }

  Forecast forecast() {
    return new Forecaster(SETTINGS).forecast(samples(), now(), 0.25);
  }
}
