package io.drover.daemon.demo.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands of the operating system. */
final class Tool {
  private static final long LIMIT_SECONDS = 20;

  private Tool() {}

  /** Runs a command to its end; what it said becomes the exception's message when it fails. */
  static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(String.join(" ", command) + " did not end");
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", List.of(command))
                + " failed with "
                + process.exitValue()
                + ": "
                + said);
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
