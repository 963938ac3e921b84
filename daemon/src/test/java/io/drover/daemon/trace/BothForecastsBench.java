package io.drover.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.backtest.Trace;
import io.drover.predictor.forecast.Forecast;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.history.DemandHistory;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.forecast.LearningSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the planner gains by what is learned: the quick forecast alone, and together with the
 * learned one, against a recording; not part of the tests. An interval of the recording is played
 * as a minute of twelve samples that are off by 5 %. The command is in {@code docs/prediction.md};
 * {@code drover.bench.minutes} bounds how much of the recording is played.
 */
class BothForecastsBench {
  private static final Path TRACE = Path.of(System.getProperty("drover.bench.trace", ""));
  private static final TraceFormat FORMAT =
      TraceFormat.valueOf(System.getProperty("drover.bench.format", "PLANETLAB"));
  private static final int SERIES = Integer.getInteger("drover.bench.series", 150);
  private static final int MINUTES = Integer.getInteger("drover.bench.minutes", 1000);
  private static final long START = 1_700_000_040_000L;
  private static final int PER_MINUTE = 12;
  private static final int HISTORY = 4320;
  // Two hours: from then on what was learned counts in full.
  private static final int FIRST_JUDGED = 130;
  private static final int JUDGED_EVERY = 5;
  private static final double QUANTILE = 0.9;

  private static final int[] AHEAD = {5, 15};

  private final Forecaster forecaster = new Forecaster(ForecastSettings.production());
  private final FleetForecasts learned =
      new FleetForecasts(LearningSettings.production(), forecaster, _ -> {});
  private final TreeMap<String, DemandHistory> histories = new TreeMap<>();
  private final Random random = new Random(1);

  private final List<Sums> quick = List.of(new Sums(), new Sums());
  private final List<Sums> both = List.of(new Sums(), new Sums());

  private static final class Sums {
    int judged;
    int covered;
    double error;
    double pinball;

    void judge(Forecast forecast, Duration ahead, double came) {
      double high = forecast.inPhaseQuantile(QUANTILE, ahead);
      judged++;
      covered += came <= high + 1e-9 ? 1 : 0;
      error += Math.abs(came - forecast.inPhaseQuantile(0.5, ahead));
      pinball += came > high ? QUANTILE * (came - high) : (1 - QUANTILE) * (high - came);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "error %.3f, pinball %.3f, covered %.3f of %d",
          error / judged,
          pinball / judged,
          (double) covered / judged,
          judged);
    }
  }

  @Test
  void quickAloneAndTogetherWithWhatWasLearned() throws Exception {
    List<Trace> traces = TraceReader.read(TRACE, FORMAT).traces();
    play(traces.subList(0, Math.min(SERIES, traces.size())));
    for (int i = 0; i < AHEAD.length; i++) {
      System.out.printf("%d minutes ahead, quick: %s%n", AHEAD[i], quick.get(i));
      System.out.printf("%d minutes ahead, both:  %s%n", AHEAD[i], both.get(i));
      assertThat(both.get(i).judged).isPositive();
    }
  }

  private void play(List<Trace> traces) {
    int minutes = Math.min(MINUTES, traces.getFirst().length());
    for (int minute = 0; minute < minutes; minute++) {
      for (Trace trace : traces) {
        come(trace, minute);
      }
      Instant now = Instant.ofEpochMilli(START + 60_000L * (minute + 1)).plusSeconds(10);
      learned.advance(now, histories.keySet(), (vm, from) -> of(vm).since(from));
      for (Trace trace : traces) {
        if (minute >= FIRST_JUDGED && minute % JUDGED_EVERY == 0) {
          judge(trace, minute, now);
        }
      }
    }
  }

  private void come(Trace trace, int minute) {
    double cores = cores(trace, minute);
    for (int i = 0; i < PER_MINUTE && !Double.isNaN(cores); i++) {
      long millis = START + 60_000L * minute + 60_000L / PER_MINUTE * i;
      of(trace.name()).add(millis, Math.max(0, cores * (1 + 0.05 * random.nextGaussian())));
    }
  }

  private void judge(Trace trace, int minute, Instant now) {
    Forecast alone = forecaster.forecast(of(trace.name()).snapshot(), now, 0);
    Forecast together = learned.range(trace.name()).map(alone::withLearned).orElse(alone);
    for (int i = 0; i < AHEAD.length; i++) {
      double came = cores(trace, minute + AHEAD[i]);
      if (!Double.isNaN(came)) {
        // To the middle of the minute that is judged; this one has been over for ten seconds.
        Duration ahead = Duration.ofMinutes(AHEAD[i]).minusSeconds(40);
        quick.get(i).judge(alone, ahead, came);
        both.get(i).judge(together, ahead, came);
      }
    }
  }

  private DemandHistory of(String name) {
    return histories.computeIfAbsent(name, _ -> new DemandHistory(HISTORY));
  }

  /** Recordings are in percent; all of it is taken for two cores. */
  private static double cores(Trace trace, int minute) {
    return trace.at(trace.firstSlot() + minute) / 50.0;
  }
}
