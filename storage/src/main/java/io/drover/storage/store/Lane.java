package io.drover.storage.store;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other, in the order in which they were given, on a virtual thread that
 * lives as long as there are any: whoever gives one does not wait for the disk.
 */
final class Lane {
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
      task.run();
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
