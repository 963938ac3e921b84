package io.drover.storage.nbd;

import java.util.concurrent.Semaphore;

/**
 * The memory in which one connection may hold data of its requests and replies.
 *
 * <p>A small part is the connection's own, so that modest clients go on when others have filled
 * what is shared by all; that happens when the replicas of some disk are gone and its clients wait.
 */
final class PayloadRoom {
  static final int OWN_BYTES = 256 * 1024;

  private final Semaphore connection;
  private final Semaphore own = new Semaphore(OWN_BYTES);
  private final SharedRoom shared;

  /**
   * @param maxBytes that the connection may hold, in its own and in the shared part together
   */
  PayloadRoom(SharedRoom shared, int maxBytes) {
    this.connection = new Semaphore(maxBytes);
    this.shared = shared;
  }

  /** A part of the room, to be given back exactly once. */
  interface Held {
    void release();
  }

  /** Waits until there is room; {@code bytes} are at most what one connection may hold. */
  Held hold(int bytes) {
    connection.acquireUninterruptibly(bytes);
    if (own.tryAcquire(bytes) || !shared.take(bytes, () -> own.tryAcquire(bytes))) {
      return () -> {
        own.release(bytes);
        shared.lookAgain();
        connection.release(bytes);
      };
    }
    return () -> {
      shared.giveBack(bytes);
      connection.release(bytes);
    };
  }
}
