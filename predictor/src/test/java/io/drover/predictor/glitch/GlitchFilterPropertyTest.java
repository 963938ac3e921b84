package io.drover.predictor.glitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.predictor.glitch.UnstableGroup.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Replay one seed: {@code -Ddrover.seed=123}. */
class GlitchFilterPropertyTest {
  private static final int SEEDS = 2000;

  /** A random history: levels, spikes, drifts and noise, in 64ths so that sums are exact. */
  private static final class Case {
    private final double[] values;
    private final double threshold;
    private final int least;

    private Case(double[] values, double threshold, int least) {
      this.values = values;
      this.threshold = threshold;
      this.least = least;
    }

    double[] values() {
      return values;
    }

    double threshold() {
      return threshold;
    }

    int least() {
      return least;
    }

    static Case of(long seed) {
      Random random = new Random(seed);
      int n = random.nextInt(80);
      double[] values = new double[n];
      double level = random.nextInt(128);
      double drift = random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0;
      int noise = 1 + random.nextInt(6);
      for (int i = 0; i < n; i++) {
        if (random.nextInt(12) == 0) {
          level = random.nextInt(128);
        }
        level = Math.max(0, level + drift);
        double spike = random.nextInt(10) == 0 ? random.nextInt(200) : 0;
        values[i] = (level + random.nextInt(noise) + spike) / 64;
      }
      return new Case(values, random.nextInt(12) / 64.0, 2 + random.nextInt(5));
    }

    Phases split() {
      return GlitchFilter.split(values, threshold, least);
    }
  }

  private static long[] seeds() {
    Long one = Long.getLong("drover.seed");
    return one != null
        ? new long[] {one}
        : IntStream.rangeClosed(1, SEEDS).asLongStream().toArray();
  }

  @Test
  void agreesWithTheDefinitionAppliedSampleBySample() {
    for (long seed : seeds()) {
      Case c = Case.of(seed);
      assertThat(c.split()).as("seed %d", seed).isEqualTo(Naive.split(c));
    }
  }

  @Test
  void everySampleIsInExactlyOneRunOrGroup() {
    for (long seed : seeds()) {
      Case c = Case.of(seed);
      int[] times = new int[c.values().length];
      Phases phases = c.split();
      phases.periods().forEach(period -> period.runs().forEach(run -> count(times, run)));
      phases.groups().forEach(group -> count(times, group.span()));
      int[] once = new int[times.length];
      Arrays.fill(once, 1);
      assertThat(times).as("seed %d", seed).isEqualTo(once);
    }
  }

  @Test
  void samplesOfARunLieWithinTheThresholdOfOneValue() {
    for (long seed : seeds()) {
      Case c = Case.of(seed);
      for (StablePeriod period : c.split().periods()) {
        for (Span run : period.runs()) {
          double[] own = Arrays.copyOfRange(c.values(), run.from(), run.to());
          double range =
              Arrays.stream(own).max().orElseThrow() - Arrays.stream(own).min().orElseThrow();
          assertThat(range).as("seed %d, run %s", seed, run).isLessThanOrEqualTo(2 * c.threshold());
        }
      }
    }
  }

  @Test
  void raisingAllDemandChangesNothingButTheBaselines() {
    for (long seed : seeds()) {
      Case c = Case.of(seed);
      double[] raised = Arrays.stream(c.values()).map(v -> v + 3).toArray();
      Phases before = c.split();
      Phases after = GlitchFilter.split(raised, c.threshold(), c.least());
      assertThat(after.groups()).as("seed %d", seed).isEqualTo(before.groups());
      assertThat(after.periods().stream().map(StablePeriod::runs))
          .as("seed %d", seed)
          .isEqualTo(before.periods().stream().map(StablePeriod::runs).toList());
    }
  }

  @Test
  void shortSpikesPutIntoACalmHistoryAreAllRemovedAndNothingElse() {
    for (long seed : seeds()) {
      Random random = new Random(seed);
      int least = 3 + random.nextInt(4);
      List<Double> values = new ArrayList<>();
      List<Span> spikes = new ArrayList<>();
      for (int s = 0; s < 1 + random.nextInt(4); s++) {
        calm(values, random, least + random.nextInt(20));
        int from = values.size();
        for (int i = 0; i < 1 + random.nextInt(least - 1); i++) {
          values.add(2 + random.nextDouble());
        }
        spikes.add(new Span(from, values.size()));
      }
      calm(values, random, least + random.nextInt(20));
      Phases phases = GlitchFilter.split(values.stream().mapToDouble(v -> v).toArray(), 0.1, least);
      assertThat(phases.periods()).as("seed %d", seed).hasSize(1);
      assertThat(phases.groups())
          .as("seed %d", seed)
          .isEqualTo(spikes.stream().map(s -> new UnstableGroup(s, Verdict.GLITCH)).toList());
    }
  }

  private static void calm(List<Double> values, Random random, int count) {
    for (int i = 0; i < count; i++) {
      values.add(1 + 0.04 * random.nextDouble());
    }
  }

  private static void count(int[] times, Span span) {
    for (int i = span.from(); i < span.to(); i++) {
      times[i]++;
    }
  }

  /** The definition in the filter's Javadoc, one sample and one question at a time. */
  private static final class Naive {
    private Naive() {}

    static Phases split(Case c) {
      int n = c.values().length;
      int[] runOf = new int[n];
      Arrays.fill(runOf, -1);
      List<Double> baselines = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        boolean continues =
            i > 0
                && runOf[i - 1] >= 0
                && Math.abs(c.values()[i] - baselines.get(runOf[i - 1])) <= c.threshold();
        boolean inside = i > 0 && runOf[i] >= 0;
        if (inside) {
          continue;
        }
        if (continues) {
          runOf[i] = runOf[i - 1];
        } else if (starts(c, i)) {
          baselines.add(median(c, i));
          Arrays.fill(runOf, i, i + c.least(), baselines.size() - 1);
        }
      }
      return assemble(c, runOf, baselines);
    }

    private static boolean starts(Case c, int i) {
      if (i + c.least() > c.values().length) {
        return false;
      }
      double middle = median(c, i);
      return IntStream.range(i, i + c.least())
              .allMatch(j -> Math.abs(c.values()[j] - middle) <= c.threshold())
          && IntStream.range(i + 1, i + c.least())
              .allMatch(j -> Math.abs(c.values()[j] - c.values()[j - 1]) <= c.threshold());
    }

    private static double median(Case c, int i) {
      double[] sorted = Arrays.stream(c.values(), i, i + c.least()).sorted().toArray();
      int m = sorted.length;
      return m % 2 == 1 ? sorted[m / 2] : (sorted[m / 2 - 1] + sorted[m / 2]) / 2;
    }

    private static Phases assemble(Case c, int[] runOf, List<Double> baselines) {
      List<Span> runs = spans(runOf, false);
      List<UnstableGroup> groups = new ArrayList<>();
      for (Span gap : spans(runOf, true)) {
        boolean before = gap.from() > 0;
        boolean after = gap.to() < runOf.length;
        Verdict verdict =
            !after
                ? Verdict.UNDECIDED
                : !before
                    ? Verdict.LEADING
                    : Math.abs(c.values()[gap.from() - 1] - c.values()[gap.to()]) <= c.threshold()
                        ? Verdict.GLITCH
                        : Verdict.PHASE_CHANGE;
        groups.add(new UnstableGroup(gap, verdict));
      }
      List<StablePeriod> periods = new ArrayList<>();
      for (int r = 0; r < runs.size(); r++) {
        Span run = runs.get(r);
        if (r > 0 && joins(c, runs.get(r - 1), run, periods.getLast(), baselines.get(r), groups)) {
          StablePeriod last = periods.removeLast();
          List<Span> joined = new ArrayList<>(last.runs());
          joined.add(run);
          periods.add(new StablePeriod(last.baseline(), joined));
        } else {
          periods.add(new StablePeriod(baselines.get(r), List.of(run)));
        }
      }
      return new Phases(runOf.length, c.threshold(), periods, groups);
    }

    private static boolean joins(
        Case c,
        Span before,
        Span run,
        StablePeriod period,
        double baseline,
        List<UnstableGroup> groups) {
      if (before.to() == run.from()) {
        return Math.abs(period.baseline() - baseline) <= c.threshold();
      }
      return groups.contains(new UnstableGroup(new Span(before.to(), run.from()), Verdict.GLITCH));
    }

    /** Maximal stretches of one run, or of samples in none. */
    private static List<Span> spans(int[] runOf, boolean free) {
      List<Span> spans = new ArrayList<>();
      int from = 0;
      for (int i = 1; i <= runOf.length; i++) {
        if (i == runOf.length || runOf[i] != runOf[from]) {
          if ((runOf[from] < 0) == free) {
            spans.add(new Span(from, i));
          }
          from = i;
        }
      }
      return spans;
    }
  }
}
