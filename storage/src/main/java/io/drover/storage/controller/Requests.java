package io.drover.storage.controller;

import io.drover.storage.block.BlockIoException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts a device's requests and remembers what went wrong last. */
final class Requests {
  private final DiskMetrics metrics;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile @Nullable String lastError;

  Requests(DiskMetrics metrics) {
    this.metrics = metrics;
  }

  /** A request that may fail. */
  interface Request {
    void carryOut() throws BlockIoException;
  }

  void run(String operation, long bytes, Request request) throws BlockIoException {
    underWay.incrementAndGet();
    try {
      request.carryOut();
      metrics.requests.labels(operation).inc();
      metrics.bytes.labels(operation).inc((double) bytes);
    } catch (BlockIoException e) {
      metrics.errors.labels(operation, e.reason().name()).inc();
      if (e.reason() == BlockIoException.Reason.IO) {
        lastError = e.getMessage();
      }
      throw e;
    } finally {
      underWay.decrementAndGet();
    }
  }

  int underWay() {
    return underWay.get();
  }

  Optional<String> lastError() {
    return Optional.ofNullable(lastError);
  }
}
