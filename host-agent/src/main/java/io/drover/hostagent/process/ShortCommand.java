package io.drover.hostagent.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs commands that end by themselves and say little. */
public final class ShortCommand {
  private ShortCommand() {}

  /**
   * How a command ended.
   *
   * @param output both streams
   */
  public record Outcome(int exitCode, String output) {
    /** Whether it succeeded. */
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /**
   * Runs a command without input.
   *
   * @throws IOException when it cannot be run, or did not end in time and was killed
   */
  public static Outcome run(List<String> command, Duration timeout) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("output of " + command.getFirst())
        .start(() -> {
          try {
            output.complete(new String(process.getInputStream().readAllBytes(), UTF_8).strip());
          } catch (IOException e) {
            output.completeExceptionally(e);
          }
        });
    try {
      if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(command + " did not end within " + timeout.toMillis() + " ms");
      }
      return new Outcome(process.exitValue(), output.get());
    } catch (ExecutionException e) {
      throw new IOException("cannot read what " + command + " says", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during " + command, e);
    } finally {
      process.destroyForcibly();
    }
  }
}
