package io.drover.predictor.fleet;

import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs the benchmarks with the options of JMH's own command line, and says what came of them. */
public final class FleetSpeed {
  private FleetSpeed() {}

  /** As {@code bench/predictor-speed} starts it. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    CommandLineOptions options = new CommandLineOptions(args);
    if (options.shouldHelp()) {
      throw new CommandLineOptionException("see bench/predictor-speed --help");
    }
    for (RunResult run : new Runner(options).run()) {
      double pairs = event(run, "pairs");
      if (pairs > 0) {
        System.out.printf(
            Locale.ROOT,
            "%nA second of one core: %,.0f samples, %,.0f forecasts%n",
            pairs * 1e9 / event(run, "sampling"),
            pairs * 1e9 / event(run, "forecasting"));
      }
    }
    memory("CPU", new FleetPredictor(FleetShape.cpu()));
    memory("other", new FleetPredictor(FleetShape.other()));
  }

  /** What a benchmark counted besides its speed; 0 when it counts no such thing. */
  private static double event(RunResult run, String name) {
    Result<?> counted = run.getSecondaryResults().get(name);
    return counted == null ? 0 : counted.getScore();
  }

  private static void memory(String kind, FleetPredictor fleet) {
    int bytes = fleet.bytesPerSeries();
    System.out.printf(
        Locale.ROOT,
        "Memory of a series (%s): %,d bytes, of which the history is %,d; %,d series a GiB%n",
        kind,
        bytes,
        fleet.shape().history().bytesPerSeries(),
        (1 << 30) / bytes);
  }
}
