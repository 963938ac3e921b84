package io.drover.storage.store;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order in which they were given, on a virtual thread that
 * lives as long as there are any: whoever gives one does not wait for the disk.
 */
final class Lane {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final String name;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  Lane(String name) {
    this.name = name;
  }

  synchronized void run(Runnable task) {
    tasks.add(task);
    if (!running) {
      running = true;
      Thread.ofVirtual().name(name).start(this::drain);
    }
  }

  private void drain() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        // The others must run, and whoever waits for the lane to be idle must not wait for ever.
        log.atError().addKeyValue("lane", name).setCause(e).log("task failed");
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = tasks.poll();
    if (task == null) {
      running = false;
      notifyAll();
    }
    return task;
  }

  /** Returns when all tasks given so far are done; an interrupt is kept for later. */
  synchronized void awaitIdle() {
    boolean interrupted = false;
    while (running) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
