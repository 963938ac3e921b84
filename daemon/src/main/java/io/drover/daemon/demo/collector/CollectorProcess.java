package io.drover.daemon.demo.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's end of the collector: starts it, gives it loads, and keeps what it tells. Thread-safe.
 */
public final class CollectorProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CollectorProcess.class);

  private final Process process;
  private final PrintStream orders;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final List<CollectorLine.Silence> silences = new ArrayList<>();
  private CollectorLine.Guests guests = new CollectorLine.Guests(List.of());
  private Map<String, Integer> lastLoads = Map.of();

  private CollectorProcess(Process process) {
    this.process = process;
    OutputStream input = process.getOutputStream();
    this.orders = new PrintStream(input, true, UTF_8);
  }

  /** Starts the command and waits until it listens. */
  public static CollectorProcess start(List<String> command, Path logFile, Duration timeout)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
            .start();
    CollectorProcess collector = new CollectorProcess(process);
    Thread.ofVirtual().name("collector-reader").start(collector::read);
    try {
      collector.port.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return collector;
    } catch (ExecutionException | TimeoutException failed) {
      collector.close();
      throw new IOException("the collector did not start, see " + logFile, failed);
    }
  }

  /** Port that guests connect to. */
  public int port() {
    return port.join();
  }

  public long pid() {
    return process.pid();
  }

  /** Sets what the guests shall demand; the same again costs nothing. */
  public synchronized void setLoads(Map<String, Integer> millicores) {
    if (!millicores.equals(lastLoads)) {
      lastLoads = Map.copyOf(millicores);
      orders.println(new CollectorLine.Loads(lastLoads).toJson());
    }
  }

  public synchronized CollectorLine.Guests guests() {
    return guests;
  }

  /**
   * Longest silence of a guest that ended within the span; 0 when none was long enough to count.
   */
  public synchronized long longestSilenceMillis(
      String vm, long fromEpochMillis, long toEpochMillis) {
    return silences.stream()
        .filter(s ->
            s.vm().equals(vm)
                && s.endedEpochMillis() >= fromEpochMillis
                && s.endedEpochMillis() - s.millis() <= toEpochMillis)
        .mapToLong(CollectorLine.Silence::millis)
        .max()
        .orElse(0);
  }

  /** Lets the collector go on, with the loads of now, when this process ends. */
  public void leaveRunning() {
    orders.println(new CollectorLine.Stay().toJson());
    orders.close();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        take(line);
      }
    } catch (IOException ended) {
      log.debug("the collector's output ended: {}", ended.toString());
    }
    port.completeExceptionally(new IOException("the collector ended"));
  }

  private synchronized void take(String line) {
    try {
      switch (CollectorLine.parse(line)) {
        case CollectorLine.Ready ready -> port.complete(ready.port());
        case CollectorLine.Silence silence -> silences.add(silence);
        case CollectorLine.Guests report -> guests = report;
        case CollectorLine.Loads order -> log.warn("the collector sent an order: {}", order);
        case CollectorLine.Stay order -> log.warn("the collector sent an order: {}", order);
      }
    } catch (JsonProcessingException malformed) {
      log.warn("the collector said something that is not JSON: {}", line);
    }
  }

  @Override
  public void close() {
    // The collector ends when its input does.
    orders.close();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
