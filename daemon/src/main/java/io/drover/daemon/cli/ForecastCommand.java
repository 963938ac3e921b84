package io.drover.daemon.cli;

import io.drover.daemon.api.ApiJson;
import io.drover.daemon.trace.BacktestChart;
import io.drover.daemon.trace.ReportJson;
import io.drover.predictor.backtest.Backtest;
import io.drover.predictor.backtest.BacktestReport;
import io.drover.predictor.backtest.TraceSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drover forecast}. */
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    description = "Works on forecasts of demand.",
    subcommands = {ForecastCommand.BacktestCommand.class, PhasesCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class ForecastCommand {

  /** {@code drover forecast backtest}. */
  @Command(
      name = "backtest",
      mixinStandardHelpOptions = true,
      description = {
        "Holds Drover's forecasts against a recording, next to textbook forecasters.",
        "Every series, every origin from the sixth sample on, no look-ahead."
      },
      footer = {
        "",
        "Formats:",
        "  planetlab   one VM a file, CPU percent, one number a line, every 300 s",
        "  bitbrains   GWA-T-12: columns parted by ;, the first time in s, the fifth CPU percent",
        "  csv         a header with time, value and, for several series a file, series",
        "PATH is a folder, a .tar.gz, a .tar.xz, or one file; files are read sorted by name.",
        "",
        "Examples:",
        "  drover forecast backtest --trace 20110303.tar.gz --format planetlab",
        "  drover forecast backtest --trace rnd.tar.xz --format bitbrains \\",
        "      --horizons 1,12 --json report.json --plot report.svg"
      })
  static final class BacktestCommand implements Callable<Integer> {
    private static final int FARTHEST = 2016;

    @Mixin private TraceOptions trace = new TraceOptions();

    @Option(
        names = "--horizons",
        paramLabel = "N,...",
        split = ",",
        defaultValue = "1,3,12,72",
        description = "How far ahead, in intervals, 1 to 2016 (default: ${DEFAULT-VALUE}).")
    private List<Integer> horizons = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
    private @Nullable Path json;

    @Option(
        names = "--plot",
        paramLabel = "FILE",
        description = "Draw the worst, median and best series; a name ending in .svg or .html.")
    private @Nullable Path plot;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CliException {
      List<Integer> ahead = horizons.stream().distinct().sorted().toList();
      if (ahead.isEmpty() || ahead.getFirst() < 1 || ahead.getLast() > FARTHEST) {
        throw CliException.wrongInput(
            "--horizons is " + horizons + "; accepted: numbers from 1 to " + FARTHEST, "");
      }
      checkWritable("--json", json);
      checkWritable("--plot", plot);
      if (plot != null && !isPage(plot) && !plot.toString().endsWith(".svg")) {
        throw CliException.wrongInput(
            "--plot is " + plot + "; accepted: a name ending in .svg or .html", "");
      }
      TraceSet set = trace.read();
      long began = System.nanoTime();
      BacktestReport report = withProgressBar(set, ahead);
      double seconds = (System.nanoTime() - began) / 1e9;
      write(json, ApiJson.compact(ReportJson.of(report, seconds)) + "\n");
      if (plot != null) {
        write(
            plot,
            isPage(plot)
                ? BacktestChart.html(report.charts())
                : BacktestChart.svg(report.charts()));
      }
      print(report, seconds);
      return 0;
    }

    private BacktestReport withProgressBar(TraceSet set, List<Integer> ahead) {
      try (ProgressBar bar =
          new ProgressBarBuilder()
              .setTaskName("forecasting")
              .setInitialMax(100)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(250)
              .build()) {
        return Backtest.run(set, ahead, plot != null, bar::stepTo);
      }
    }

    private void print(BacktestReport report, double seconds) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "horizon  model             mae      rmse     mase  pinball .95  .99      covered .9   .95   .99");
      for (BacktestReport.Result one : report.results()) {
        out.println(
            String.format(
                Locale.ROOT,
                "%7d  %-15s %8.4f %8.4f %7.3f     %8.4f %8.4f      %.3f %.3f %.3f",
                one.horizon(),
                one.model(),
                one.mae(),
                one.rmse(),
                one.mase(),
                one.pinball().get("0.95"),
                one.pinball().get("0.99"),
                one.coverage().get("0.9"),
                one.coverage().get("0.95"),
                one.coverage().get("0.99")));
      }
      for (BacktestReport.Sum sum : report.sums()) {
        out.println(
            String.format(
                Locale.ROOT,
                "sums of %2d series: covered .9 %.3f, .95 %.3f, .99 %.3f",
                sum.size(),
                sum.coverage().get("0.9"),
                sum.coverage().get("0.95"),
                sum.coverage().get("0.99")));
      }
      out.println(
          String.format(
              Locale.ROOT,
              "%d series, %d forecasts, %.1f s",
              report.series(),
              report.forecasts(),
              seconds));
    }

    /** Before minutes of work rather than after. */
    private static void checkWritable(String option, @Nullable Path file) throws CliException {
      if (file == null) {
        return;
      }
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file) || folder == null || !Files.isWritable(folder)) {
        throw CliException.wrongInput(option + " " + file + " cannot be written", "");
      }
    }

    private static boolean isPage(Path file) {
      return file.toString().endsWith(".html");
    }

    private static void write(@Nullable Path file, String text) throws CliException {
      if (file == null) {
        return;
      }
      try {
        Files.writeString(file, text);
      } catch (IOException failed) {
        throw CliException.failed(file + " cannot be written: " + failed.getMessage(), "");
      }
    }
  }
}
