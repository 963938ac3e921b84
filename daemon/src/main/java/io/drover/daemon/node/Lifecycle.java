package io.drover.daemon.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts in the order of their start; they are closed in the opposite order, each even when another
 * one fails to.
 */
final class Lifecycle implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable closeable) {}

  /** Remembers a part that was just started. */
  synchronized <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    log.atDebug().addKeyValue("part", name).log("started");
    return part;
  }

  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.closeable().close();
        log.atDebug().addKeyValue("part", part.name()).log("stopped");
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        log.atWarn().addKeyValue("part", part.name()).log("interrupted while stopping");
      } catch (Exception failed) {
        log.atWarn().addKeyValue("part", part.name()).setCause(failed).log("did not stop cleanly");
      }
    }
  }
}
