package io.drover.predictor.backtest;

import io.drover.predictor.fleet.FleetPredictor;
import io.drover.predictor.fleet.FleetShape;
import io.drover.predictor.history.HistoryShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Writes what the predictor says about some series of a folder at some origins, for {@code
 * bench/compare-with-r}: {@code origin} is the number of samples seen, and all the folder's series
 * are the fleet that is learned from.
 */
public final class ForecastsAt {
  private static final FleetShape SHAPE =
      new FleetShape(HistoryShape.cpu(Duration.ofMinutes(5)), List.of(1, 3, 12, 72));
  private static final int ONE = 0;
  private static final int TWELVE = 2;
  private static final int FIRST = 96;
  private static final int EVERY = 24;

  private ForecastsAt() {}

  /** The folder, and how many of its series are asked for. */
  public static void main(String[] args) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    List<double[]> fleet = files.stream().map(ForecastsAt::read).toList();
    int step = Math.max(1, files.size() / Integer.parseInt(args[1]));
    System.out.println("series,origin,one,twelve");
    FleetPredictor predictor = new FleetPredictor(SHAPE);
    fleet.forEach(series -> predictor.add());
    int samples = fleet.stream().mapToInt(series -> series.length).max().orElse(0);
    StringBuilder[] lines = new StringBuilder[fleet.size()];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = new StringBuilder();
    }
    for (int t = 0; t < samples; t++) {
      long time = t * SHAPE.history().interval().toMillis();
      for (int i = 0; i < lines.length; i++) {
        if (t < fleet.get(i).length) {
          predictor.observe(i, time, fleet.get(i)[t]);
        }
      }
      for (int i = 0; i < lines.length; i++) {
        if (t < fleet.get(i).length) {
          predictor.forecast(i);
        }
        int origin = t + 1;
        boolean asked = i % step == 0 && origin >= FIRST && (origin - FIRST) % EVERY == 0;
        if (asked && origin + SHAPE.horizons().get(TWELVE) <= fleet.get(i).length) {
          lines[i].append(
              String.format(
                  Locale.ROOT,
                  "%s,%d,%.4f,%.4f%n",
                  files.get(i).getFileName(),
                  origin,
                  predictor.quantile(i, ONE, 0),
                  predictor.quantile(i, TWELVE, 0)));
        }
      }
    }
    Stream.of(lines).forEach(System.out::print);
  }

  private static double[] read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .mapToDouble(Double::parseDouble)
          .toArray();
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
