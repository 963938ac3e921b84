package io.drover.hostagent.qemu;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order, on a virtual thread of its own, so that whoever hands
 * them in goes on. The thread is there only while there is something to do.
 */
final class EventLane {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");

  private final String name;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  EventLane(String name) {
    this.name = name;
  }

  /** A task that fails is logged and the next one runs. */
  synchronized void add(Runnable task) {
    waiting.addLast(task);
    if (!busy) {
      busy = true;
      Thread.ofVirtual().name(name).start(this::runAll);
    }
  }

  private void runAll() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("a listener of {} failed", name);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = waiting.pollFirst();
    busy = task != null;
    return task;
  }
}
