package io.drover.daemon.cli;

import io.drover.config.ConfigException;
import io.drover.daemon.api.ApiJson;
import io.drover.daemon.node.DroverSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drover config}. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Works on settings files.",
    subcommands = ConfigCommand.Check.class,
    synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {

  /** {@code drover config check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reads a settings file as a node would, and tells everything that is wrong with it.",
      footer = {
        "",
        "Examples:",
        "  drover config check config/drover.conf",
        "  drover config check --json /etc/drover/drover.conf"
      })
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The settings file.")
    private Path file = Path.of("drover.conf");

    @Option(names = "--json", description = "Print the problems as JSON.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException {
      try {
        DroverSettings settings = DroverSettings.load(file);
        spec.commandLine()
            .getOut()
            .println(
                json
                    ? ApiJson.compact(Map.of("valid", true, "problems", List.of()))
                    : file + ": valid settings of node " + settings.node().id());
        return 0;
      } catch (ConfigException refused) {
        if (!json) {
          throw refused;
        }
        spec.commandLine()
            .getOut()
            .println(ApiJson.compact(Map.of("valid", false, "problems", refused.problems())));
        return CliException.WRONG_INPUT;
      }
    }
  }
}
