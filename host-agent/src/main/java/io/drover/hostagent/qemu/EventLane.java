package io.drover.hostagent.qemu;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on a thread of its own, so that whoever hands them in goes on. */
final class EventLane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");

  private final String name;
  private final ExecutorService executor;

  EventLane(String name) {
    this.name = name;
    executor = Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
  }

  /** A task that fails is logged; tasks after {@link #close()} are dropped. */
  void add(Runnable task) {
    try {
      executor.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          LOG.atError().setCause(e).log("a listener of {} failed", name);
        }
      });
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("{} is closed, an event is dropped", name);
    }
  }

  /** Lets what was handed in run to its end. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
