package io.drover.daemon.cli;

import io.drover.daemon.trace.TraceException;
import io.drover.daemon.trace.TraceFormat;
import io.drover.daemon.trace.TraceReader;
import io.drover.predictor.backtest.TraceSet;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which recording a command works on. */
final class TraceOptions {
  @Option(names = "--trace", paramLabel = "PATH", required = true, description = "The recording.")
  private Path trace = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      required = true,
      description = "${COMPLETION-CANDIDATES}.")
  private TraceFormat format = TraceFormat.CSV;

  Path path() {
    return trace;
  }

  /** Reads it; one that cannot be used is wrong input. */
  TraceSet read() throws CliException {
    try {
      return TraceReader.read(trace, format);
    } catch (TraceException unusable) {
      throw CliException.wrongInput(
          String.valueOf(unusable.getMessage()),
          "check --trace and --format " + format.name().toLowerCase(Locale.ROOT));
    }
  }
}
