package io.drover.storage.nbd;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The memory that all connections of a server have together; taken in the order of asking. */
final class SharedRoom {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock; only the first may take, or large requests would starve. */
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();

  /** The size of the queue, readable without the lock. */
  private volatile int waiters;

  /** Guarded by the lock. */
  private long freeBytes;

  SharedRoom(long bytes) {
    this.freeBytes = bytes;
  }

  /**
   * Waits for room here, or for room elsewhere, whichever comes first.
   *
   * @param elsewhere takes the room and answers true, if there is; after it might answer
   *     differently, {@link #lookAgain} must be called
   * @return whether the room was taken here, and must be given back here
   */
  boolean take(int bytes, BooleanSupplier elsewhere) {
    Object self = new Object();
    lock.lock();
    try {
      waiting.addLast(self);
      waiters = waiting.size();
      while (true) {
        if (elsewhere.getAsBoolean()) {
          return false;
        }
        if (self.equals(waiting.peekFirst()) && freeBytes >= bytes) {
          freeBytes -= bytes;
          return true;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      waiting.remove(self);
      waiters = waiting.size();
      changed.signalAll();
      lock.unlock();
    }
  }

  void giveBack(int bytes) {
    lock.lock();
    try {
      freeBytes += bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Room elsewhere has become free. */
  void lookAgain() {
    if (waiters == 0) {
      return;
    }
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
