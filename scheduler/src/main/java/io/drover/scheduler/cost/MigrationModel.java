package io.drover.scheduler.cost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts duration and downtime of a live migration, corrected by what earlier ones really took.
 *
 * <p>The bare model is pre-copy: memory goes over the link, then what got dirty meanwhile, and so
 * on; a geometric series in (dirty rate / link rate). The correction is the median of the ratios
 * actual / bare over the last {@value #REMEMBERED} migrations, so that one odd migration does not
 * matter; while there are few it is drawn towards one.
 *
 * <p>Immutable: {@link #learn} returns a new model, which is how a recorded cluster state stays
 * replayable.
 *
 * @param setup fixed time of every migration: reserving, starting the incoming machine, attaching
 *     disks
 * @param leastDowntime fixed time of every switch-over: lease handover, device state
 * @param durationRatios actual / bare duration, oldest first
 * @param downtimeRatios actual / bare downtime, oldest first
 */
public record MigrationModel(
    Duration setup,
    Duration leastDowntime,
    List<Double> durationRatios,
    List<Double> downtimeRatios) {
  private static final int REMEMBERED = 32;
  private static final int ROUNDS = 12;
  private static final double LEAST_RATIO = 0.05;
  private static final double MOST_RATIO = 20;

  public MigrationModel {
    if (setup.isNegative() || leastDowntime.isNegative()) {
      throw new IllegalArgumentException(
          "setup is " + setup + ", leastDowntime is " + leastDowntime + "; accepted: not negative");
    }
    durationRatios = List.copyOf(durationRatios);
    downtimeRatios = List.copyOf(downtimeRatios);
  }

  /** A model that has learned nothing yet. */
  public static MigrationModel fresh() {
    return new MigrationModel(Duration.ofSeconds(2), Duration.ofMillis(100), List.of(), List.of());
  }

  /** The estimate by the model alone, which {@link MigrationOutcome} compares with. */
  public MigrationEstimate bare(
      long memoryBytes, double dirtyBytesPerSecond, double linkBytesPerSecond) {
    double link = Math.max(1, clean(linkBytesPerSecond));
    double dirty = clean(dirtyBytesPerSecond);
    boolean converges = dirty < 0.9 * link;
    double left = Math.max(0, memoryBytes);
    double sent = 0;
    double small = link * seconds(leastDowntime);
    for (int round = 0; round < ROUNDS && (round == 0 || left > small); round++) {
      sent += left;
      left = Math.min(left, left * dirty / link);
    }
    double total = seconds(setup) + sent / link + left / link;
    double pause = seconds(leastDowntime) + left / link;
    return new MigrationEstimate(
        duration(total), duration(pause), (long) Math.min(Long.MAX_VALUE, sent + left), converges);
  }

  /** The estimate with what was learned. */
  public MigrationEstimate predict(
      long memoryBytes, double dirtyBytesPerSecond, double linkBytesPerSecond) {
    MigrationEstimate bare = bare(memoryBytes, dirtyBytesPerSecond, linkBytesPerSecond);
    return new MigrationEstimate(
        duration(seconds(bare.duration()) * correction(durationRatios)),
        duration(seconds(bare.downtime()) * correction(downtimeRatios)),
        bare.transferredBytes(),
        bare.converges());
  }

  /** The model after one more migration. */
  public MigrationModel learn(MigrationOutcome outcome) {
    return new MigrationModel(
        setup,
        leastDowntime,
        with(durationRatios, outcome.duration(), outcome.modelled().duration()),
        with(downtimeRatios, outcome.downtime(), outcome.modelled().downtime()));
  }

  private static List<Double> with(List<Double> ratios, Duration actual, Duration modelled) {
    if (actual.isNegative() || actual.isZero() || modelled.isZero()) {
      return ratios;
    }
    double ratio = seconds(actual) / seconds(modelled);
    List<Double> next = new ArrayList<>(ratios);
    next.add(Math.max(LEAST_RATIO, Math.min(MOST_RATIO, ratio)));
    return next.size() > REMEMBERED ? next.subList(next.size() - REMEMBERED, next.size()) : next;
  }

  /** Median in logarithms, with one neutral witness, so that half and double weigh the same. */
  private static double correction(List<Double> ratios) {
    double[] logs = new double[ratios.size() + 1];
    for (int i = 0; i < ratios.size(); i++) {
      logs[i] = Math.log(ratios.get(i));
    }
    Arrays.sort(logs);
    return Math.exp((logs[(logs.length - 1) / 2] + logs[logs.length / 2]) / 2);
  }

  private static double clean(double value) {
    return value > 0 && !Double.isInfinite(value) ? value : 0;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos((long) Math.min(seconds * 1e9, 1e18));
  }
}
