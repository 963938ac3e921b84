package io.drover.daemon.cli;

import io.drover.daemon.api.ApiJson;
import io.drover.daemon.trace.PhaseChart;
import io.drover.predictor.backtest.Trace;
import io.drover.predictor.backtest.TraceSet;
import io.drover.predictor.forecast.ForecastSettings;
import io.drover.predictor.forecast.Forecaster;
import io.drover.predictor.glitch.Phases;
import io.drover.predictor.history.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drover forecast phases}. */
@Command(
    name = "phases",
    mixinStandardHelpOptions = true,
    description = "Shows the stable periods of a recorded series, and which spikes are glitches.",
    footer = {
      "",
      "Example:",
      "  drover forecast phases --trace rnd.tar.xz --format bitbrains --series 232.csv \\",
      "      --from 3000 --count 300 --plot phases.svg"
    })
final class PhasesCommand implements Callable<Integer> {
  @Mixin private TraceOptions trace = new TraceOptions();

  @Option(
      names = "--series",
      paramLabel = "NAME",
      required = true,
      description = "Its file, or what the file calls it.")
  private String series = "";

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description = "First interval (default: ${DEFAULT-VALUE}).")
  private int from;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "576",
      description = "How many intervals, 2 to 100000 (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      required = true,
      description = "The SVG file to write.")
  private Path plot = Path.of("");

  @Option(names = "--json", description = "Print the counts as JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws CliException {
    if (from < 0 || count < 2 || count > 100_000) {
      throw CliException.wrongInput(
          "--from is " + from + ", --count is " + count + "; accepted: from 0, 2 to 100000", "");
    }
    Samples samples = samples(trace.read());
    Phases phases = new Forecaster(ForecastSettings.production()).phases(samples);
    try {
      Files.writeString(plot, PhaseChart.svg(series, samples.values(), phases));
    } catch (IOException failed) {
      throw CliException.wrongInput(plot + " cannot be written: " + failed.getMessage(), "");
    }
    spec.commandLine()
        .getOut()
        .println(
            json
                ? ApiJson.compact(
                    Map.of(
                        "samples", samples.size(),
                        "stablePeriods", phases.periods().size(),
                        "glitches", phases.glitches()))
                : "%d samples, %d stable periods, %d glitches taken out"
                    .formatted(samples.size(), phases.periods().size(), phases.glitches()));
    return 0;
  }

  private Samples samples(TraceSet set) throws CliException {
    Trace found =
        set.traces().stream()
            .filter(one -> one.name().equals(series) || one.name().endsWith("/" + series))
            .findFirst()
            .orElseThrow(() ->
                CliException.wrongInput(
                    "there is no series " + series + " in " + trace.path(),
                    "the first is " + set.traces().getFirst().name()));
    long[] times = new long[count];
    double[] values = new double[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      float value = found.at(found.firstSlot() + from + i);
      if (!Float.isNaN(value)) {
        times[n] = i * set.interval().toMillis();
        values[n] = value;
        n++;
      }
    }
    if (n == 0) {
      throw CliException.wrongInput(
          "series " + series + " has no samples from " + from + " on",
          "it has " + found.length() + " intervals");
    }
    return Samples.of(Arrays.copyOf(times, n), Arrays.copyOf(values, n));
  }
}
