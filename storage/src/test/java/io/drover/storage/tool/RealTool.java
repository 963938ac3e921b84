package io.drover.storage.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real program, run to its end. A missing one fails the test and names its Debian package. */
public final class RealTool {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "nbdinfo", "libnbd-bin",
          "nbdcopy", "libnbd-bin",
          "qemu-io", "qemu-utils",
          "qemu-img", "qemu-utils",
          "fio", "fio",
          "qemu-system-x86_64", "qemu-system-x86",
          "promtool", "prometheus");

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private RealTool() {}

  /** How a program ended, and what it said on both its outputs together. */
  public record Result(List<String> command, int exitCode, String output) {

    public Result requireSuccess() {
      if (exitCode != 0) {
        throw new AssertionError(command + " ended with " + exitCode + ":\n" + output);
      }
      return this;
    }
  }

  public static Result run(String... command) throws IOException, InterruptedException {
    return start(command).await();
  }

  public static Running start(String... command) throws IOException {
    requireInstalled(command[0]);
    Path output = Files.createTempFile("tool", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    return new Running(List.of(command), process, output);
  }

  /** A program under way. */
  public record Running(List<String> command, Process process, Path output) {
    public Result await() throws IOException, InterruptedException {
      try {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError(command + " still runs after " + LIMIT + ":\n" + text());
        }
        return new Result(command, process.exitValue(), text());
      } finally {
        process.destroyForcibly();
        Files.deleteIfExists(output);
      }
    }

    private String text() throws IOException {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }
  }

  static void requireInstalled(String tool) {
    for (String directory : System.getenv().getOrDefault("PATH", "/usr/bin").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, tool))) {
        return;
      }
    }
    throw new AssertionError(
        tool
            + " is not installed; install the Debian package "
            + PACKAGES.getOrDefault(tool, tool)
            + ", or run ./verify, which does");
  }
}
