package io.drover.daemon.demo;

import ch.qos.logback.classic.Level;
import io.drover.daemon.demo.screen.Screen;
import io.drover.daemon.demo.site.Removal;
import io.drover.daemon.demo.site.RunFolder;
import io.drover.daemon.demo.site.RunRegister;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drover demo}: prepares a run, has it conducted, and takes everything away again. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a cluster of four nodes with real virtual machines on this machine, for about four minutes.",
      "Watch an overload being relieved, a glitch being ignored, a host going to standby and being woken in time."
    },
    subcommands = DemoCommand.Stop.class,
    footer = {
      "",
      "Examples:",
      "  drover demo",
      "  drover demo --seed 7 --json summary.json",
      "  drover demo --keep         then: drover status, drover vms, drover explain VM",
      "  drover demo stop           ends what --keep has left running",
      "",
      "Exit code 0 only if the guests lost nothing and all four events happened."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int SUCCESS = 0;
  private static final int FAILURE = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Changes the machines' loads and the order of the phases (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the summary to this file.")
  private @Nullable Path json;

  @Option(names = "--keep", description = "Leave the cluster running at the end.")
  private boolean keep;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (json != null) {
      refuseUnlessWritable(json);
    }
    Interruption interruption = Interruption.onSignal(Thread.currentThread());
    try {
      return run();
    } catch (InterruptedException stopped) {
      spec.commandLine().getErr().println("drover: the demo was stopped");
      return FAILURE;
    } finally {
      interruption.finished();
    }
  }

  /** Now, and not when the demo is over. */
  private void refuseUnlessWritable(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new ParameterException(
          spec.commandLine(), "--json " + file + ": is a folder, a file is needed");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "--json " + file + ": cannot be written, or its folder does not exist");
    }
  }

  private int run() throws Exception {
    // The terminal is the demo's; the nodes have logs of their own.
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
    Screen screen = Screen.open(System.out);
    Preparation.installPackages();
    RunRegister register = RunRegister.here();
    if (register.conductor().isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "another demo runs here, process "
              + register.conductor().get().pid()
              + "; wait for it, or end it by Ctrl-C");
    }
    Optional<RunFolder> old = register.run();
    if (old.isPresent()) {
      screen.say("removing an earlier run, " + old.get().root());
      remove(old.get(), register);
    }
    RunFolder folder = RunFolder.create();
    boolean kept = false;
    try {
      Preparation prepared = Preparation.of(folder, seed, screen);
      register.enter(folder, prepared.apis());
      try (Conductor conductor = new Conductor(prepared, screen)) {
        boolean successful = conductor.conduct(Optional.ofNullable(json));
        if (keep) {
          conductor.leaveRunning();
          kept = true;
        }
        return successful ? SUCCESS : FAILURE;
      }
    } finally {
      if (kept) {
        register.keep();
        tellHowToGoOn(screen, folder);
      } else {
        // What follows must not be cut short by the signal that brought us here.
        boolean interrupted = Thread.interrupted();
        remove(folder, register);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static void tellHowToGoOn(Screen screen, RunFolder folder) {
    screen.say("");
    screen.say("The cluster goes on; settings, logs and data are in " + folder.root());
    screen.say("  ./drover status | hosts | vms | disks | plan | explain VM");
    screen.say("  ./drover vm migrate VM --to host2");
    screen.say("  ./drover demo stop        ends it and removes everything");
  }

  /** Removes a run; complains and goes on where something cannot be removed. */
  private void remove(RunFolder folder, RunRegister register) throws IOException {
    List<String> problems = Removal.of(folder);
    problems.forEach(
        problem -> spec.commandLine().getErr().println("drover: not removed: " + problem));
    register.strike();
  }

  /** {@code drover demo stop}. */
  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Ends a demo that was kept running and removes all of it.",
      footer = {"", "Examples:", "  drover demo stop"})
  static final class Stop implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
      RunRegister register = RunRegister.here();
      Optional<RunFolder> run = register.run();
      if (run.isEmpty()) {
        spec.commandLine().getOut().println("no demo is running");
        return SUCCESS;
      }
      if (register.conductor().isPresent()) {
        throw new ParameterException(
            spec.commandLine(),
            "the demo is still being conducted by process "
                + register.conductor().get().pid()
                + "; end that by Ctrl-C");
      }
      List<String> problems = Removal.of(run.get());
      problems.forEach(
          problem -> spec.commandLine().getErr().println("drover: not removed: " + problem));
      register.strike();
      spec.commandLine().getOut().println("ended, and removed " + run.get().root());
      return problems.isEmpty() ? SUCCESS : FAILURE;
    }
  }

  /** Turns Ctrl-C and SIGTERM into an interrupt, and holds the process until all is cleaned up. */
  private static final class Interruption {
    private final java.util.concurrent.CountDownLatch finished =
        new java.util.concurrent.CountDownLatch(1);

    static Interruption onSignal(Thread thread) {
      Interruption interruption = new Interruption();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    if (interruption.finished.getCount() > 0) {
                      thread.interrupt();
                    }
                    try {
                      interruption.finished.await();
                    } catch (InterruptedException impatient) {
                      Thread.currentThread().interrupt();
                    }
                  },
                  "demo-stop"));
      return interruption;
    }

    void finished() {
      finished.countDown();
    }
  }
}
