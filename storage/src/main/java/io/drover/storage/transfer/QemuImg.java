package io.drover.storage.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** One run of {@code qemu-img}; an interrupt ends the process before it is reported. */
final class QemuImg {
  private static final JsonMapper JSON = new JsonMapper();

  /** What one damaged image can make it print is without bound. */
  private static final int KEPT_CHARACTERS = 2000;

  private QemuImg() {}

  /**
   * How it ended.
   *
   * @param output what it printed for programs, whole
   * @param complaints the beginning of what it printed about problems
   */
  record Result(int exitCode, String output, String complaints) {

    JsonNode json() {
      try {
        return JSON.readTree(output);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("qemu-img did not print JSON: " + output, e);
      }
    }
  }

  static Result run(List<String> arguments) throws TransferException, InterruptedException {
    return launch(arguments, output -> new String(output.readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Tells of each percentage that {@code -p} prints; the result has no output. */
  static Result run(List<String> arguments, IntConsumer percentReached)
      throws TransferException, InterruptedException {
    return launch(
        arguments,
        output -> {
          PercentReader.read(new InputStreamReader(output, StandardCharsets.UTF_8), percentReached);
          return "";
        });
  }

  private interface OutputReader {
    String read(InputStream output) throws IOException;
  }

  private static Result launch(List<String> arguments, OutputReader reader)
      throws TransferException, InterruptedException {
    Process process = start(arguments);
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> reading(reader, process.getInputStream()), readers);
      CompletableFuture<String> complaints =
          CompletableFuture.supplyAsync(
              () -> reading(QemuImg::beginning, process.getErrorStream()), readers);
      try {
        return new Result(process.waitFor(), output.get(), complaints.get().strip());
      } catch (ExecutionException e) {
        throw new TransferException.Failed(
            "qemu-img's output was lost: " + e.getCause(), "try again", e);
      } finally {
        end(process);
      }
    }
  }

  private static Process start(List<String> arguments) throws TransferException {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new TransferException.Refused(
          "qemu-img does not run: " + e.getMessage(),
          "install Debian's package qemu-utils (scripts/install-packages demo)",
          e);
    }
  }

  /** After this it writes nowhere any more, also when the caller has been interrupted. */
  private static void end(Process process) {
    boolean interrupted = false;
    process.destroyForcibly();
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reading(OutputReader reader, InputStream stream) {
    try (stream) {
      return reader.read(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String beginning(InputStream stream) throws IOException {
    StringBuilder kept = new StringBuilder();
    Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
    char[] piece = new char[1024];
    for (int got = reader.read(piece); got >= 0; got = reader.read(piece)) {
      kept.append(piece, 0, Math.min(got, KEPT_CHARACTERS - kept.length()));
    }
    return kept.toString();
  }
}
