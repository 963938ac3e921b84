package io.drover.daemon.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drover completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Prints a script that lets a shell complete Drover's commands and options.",
    footer = {"", "Example:", "  source <(drover completion bash)"})
final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    BASH
  }

  @Parameters(
      paramLabel = "SHELL",
      description = "bash (zsh reads it too, after `autoload bashcompinit; bashcompinit`)")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    spec.commandLine()
        .getOut()
        .println("# Completion of drover for " + shell.name().toLowerCase(Locale.ROOT));
    spec.commandLine().getOut().println(AutoComplete.bash("drover", DroverCommand.commandLine()));
    return 0;
  }
}
