package io.drover.daemon.cli;

import io.drover.config.ConfigException;
import io.drover.daemon.demo.CollectorCommand;
import io.drover.daemon.demo.DemoCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code drover}: everything else is a subcommand. */
@Command(
    name = "drover",
    mixinStandardHelpOptions = true,
    version = "drover 0.1.0",
    description = "Keeps a fleet of VM hosts evenly loaded and as small as its load allows.",
    subcommands = {
      NodeCommand.class,
      ConfigCommand.class,
      ViewCommands.Status.class,
      ViewCommands.Hosts.class,
      ViewCommands.Vms.class,
      ViewCommands.Disks.class,
      ViewCommands.Plan.class,
      ViewCommands.Explain.class,
      ViewCommands.Moves.class,
      VmCommand.class,
      DiskCommand.class,
      HostCommand.class,
      ModeCommand.class,
      ForecastCommand.class,
      CompletionCommand.class,
      RehearseCommand.class,
      CollectorCommand.class,
      DemoCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  drover demo                              a cluster on this machine, with real VMs",
      "  drover node --config config/drover.conf  a node",
      "  drover status                            nodes, scheduler and totals",
      "  drover vm migrate web1 --to host2        move a VM by hand",
      "  drover explain web1                      why a VM is where it is",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong input (nothing was changed)."
    })
public final class DroverCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  DroverCommand() {
    spec = CommandSpec.create();
  }

  /** Runs a command line and returns its exit code. */
  public static int run(String[] arguments, PrintStream out, PrintStream err) {
    CommandLine commandLine = commandLine();
    commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    return commandLine.execute(arguments);
  }

  /** The whole tree of commands. */
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new DroverCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setParameterExceptionHandler(DroverCommand::wrongParameters);
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> failed(failure, command));
    return commandLine;
  }

  private static int wrongParameters(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("drover: " + failure.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println("  usage: " + command.getHelp().synopsis(0).strip());
    }
    err.println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
    return CliException.WRONG_INPUT;
  }

  private static int failed(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    return switch (failure) {
      case CliException told -> tell(told, err);
      case ConfigException settings -> tell(settings, err);
      default -> tell(failure, err);
    };
  }

  private static int tell(CliException told, PrintWriter err) {
    err.println("drover: " + told.getMessage());
    if (!told.remedy().isEmpty()) {
      err.println("  " + told.remedy());
    }
    return told.exitCode();
  }

  private static int tell(ConfigException settings, PrintWriter err) {
    err.println("drover: the settings cannot be used; nothing was started");
    settings.problems().forEach(problem -> err.println("  " + problem));
    return CliException.WRONG_INPUT;
  }

  private static int tell(Exception failure, PrintWriter err) {
    String message = failure.getMessage();
    err.println("drover: " + (message == null ? failure.toString() : message));
    if (System.getenv("DROVER_DEBUG") == null) {
      err.println("  set DROVER_DEBUG=1 to see where it comes from");
    } else {
      failure.printStackTrace(err);
    }
    return CliException.FAILED;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing",
        null,
        String.join(", ", List.copyOf(spec.subcommands().keySet())));
  }
}
