package io.drover.daemon.demo.site;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes away all that a run has put on the machine, whoever started it and however it ended.
 *
 * <p>Processes of a run are those whose command line names its folder. They are looked for until
 * none is left, since one that is about to end may just start another.
 */
public final class Removal {
  private static final Path PROCESSES = Path.of("/proc");
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final List<Path> CONTROL_GROUPS =
      List.of(Path.of("/sys/fs/cgroup/cpu"), Path.of("/sys/fs/cgroup"));
  private static final Duration TO_END = Duration.ofSeconds(6);
  private static final int ROUNDS = 5;

  private final RunFolder folder;
  private final List<String> problems = new ArrayList<>();

  private Removal(RunFolder folder) {
    this.folder = folder;
  }

  /** Removes everything; returns what could not be, for people. */
  public static List<String> of(RunFolder folder) {
    Removal removal = new Removal(folder);
    removal.processes();
    removal.namespace();
    removal.controlGroups();
    removal.files();
    return List.copyOf(removal.problems);
  }

  /** The run's processes, without this one. */
  public static List<ProcessIdentity> processesOf(RunFolder folder) throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(PROCESSES)) {
      for (Path entry : entries.toList()) {
        String name = String.valueOf(entry.getFileName());
        if (name.chars().allMatch(Character::isDigit)
            && Long.parseLong(name) != ProcessHandle.current().pid()
            && names(entry, folder)) {
          ProcessIdentity.of(Long.parseLong(name)).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static boolean names(Path process, RunFolder folder) {
    try {
      String commandLine = Files.readString(process.resolve("cmdline"), ISO_8859_1);
      return commandLine.contains(folder.root() + "/");
    } catch (IOException gone) {
      return false;
    }
  }

  private void processes() {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<ProcessIdentity> found = processesOf(folder);
        if (found.isEmpty()) {
          return;
        }
        found.forEach(ProcessIdentity::terminate);
        long deadline = System.nanoTime() + TO_END.toNanos();
        for (ProcessIdentity process : found) {
          process.awaitExit(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        found.forEach(ProcessIdentity::kill);
        found.forEach(process -> process.awaitExit(Duration.ofSeconds(2)));
      }
      processesOf(folder).forEach(left -> problems.add("process " + left.pid() + " does not end"));
    } catch (IOException failed) {
      problems.add("processes of " + folder.root() + " could not be listed: " + failed);
    }
  }

  private void namespace() {
    if (!Files.exists(NAMESPACES.resolve(folder.name()))) {
      return;
    }
    try {
      Tool.run("ip", "netns", "delete", folder.name());
    } catch (IOException failed) {
      problems.add("network namespace " + folder.name() + ": " + failed.getMessage());
    } catch (InterruptedException interrupted) {
      problems.add("network namespace " + folder.name() + ": interrupted");
      Thread.currentThread().interrupt();
    }
  }

  private void controlGroups() {
    for (Path hierarchy : CONTROL_GROUPS) {
      Path group = hierarchy.resolve(folder.name());
      // The files in a control group are the kernel's and go with it; only folders are removed.
      deepestFirst(group).filter(Files::isDirectory).forEach(this::delete);
    }
  }

  private void files() {
    deepestFirst(folder.root()).forEach(this::delete);
  }

  private Stream<Path> deepestFirst(Path top) {
    if (!Files.exists(top)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.walk(top)) {
      return all.sorted(Comparator.<Path>naturalOrder().reversed()).toList().stream();
    } catch (IOException | java.io.UncheckedIOException failed) {
      problems.add(top + ": " + failed);
      return Stream.empty();
    }
  }

  private void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failed) {
      problems.add(Optional.ofNullable(failed.getMessage()).orElse(path.toString()));
    }
  }
}
