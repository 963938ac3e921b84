package io.drover.daemon.demo.site;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts further processes of Drover just as this one was started: same JVM, flags and classes. */
public final class Launcher {
  private static final String MAIN = "io.drover.daemon.Main";

  private Launcher() {}

  /** The command line of {@code drover ARGUMENTS}. */
  public static List<String> drover(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN);
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }
}
