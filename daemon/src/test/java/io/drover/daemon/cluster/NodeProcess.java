package io.drover.daemon.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Command lines of further processes of the Drover that is under test. */
final class NodeProcess {
  private static final String MAIN = "io.drover.daemon.Main";

  private NodeProcess() {}

  /** The folder of the project. */
  static Path home() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The flags that the launcher uses, too. */
  private static List<String> flags() {
    try {
      Process process = new ProcessBuilder(home().resolve("scripts/jvm-flags").toString()).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return List.of(said.strip().split(" +"));
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  /** {@code drover ARGUMENTS} with the classes of this build. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.add("-Ddrover.home=" + home());
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .toList()));
    command.add(MAIN);
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
