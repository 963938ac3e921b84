package io.drover.daemon.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Command lines of further processes of the Drover that is under test. */
final class NodeProcess {
  private static final String MAIN = "io.drover.daemon.Main";

  /** Many JVMs share a small machine: the flags of scripts/jvm-flags, and a warning less. */
  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xss512k",
          "-Xmx192m",
          "-XX:+ExitOnOutOfMemoryError");

  private NodeProcess() {}

  /** The folder of the project. */
  static Path home() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** {@code drover ARGUMENTS} with the classes of this build. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
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
