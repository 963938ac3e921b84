package io.drover.storage.attach;

import io.drover.storage.disk.DiskId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One lock for each disk, kept for as long as anybody holds it or waits for it. */
final class DiskLocks {
  private final Map<DiskId, Counted> locks = new ConcurrentHashMap<>();

  private record Counted(ReentrantLock lock, int users) {}

  /** To be closed by the thread that locked. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  Held lock(DiskId disk) {
    ReentrantLock lock =
        locks
            .merge(
                disk,
                new Counted(new ReentrantLock(), 1),
                (present, _) -> new Counted(present.lock(), present.users() + 1))
            .lock();
    lock.lock();
    return () -> {
      lock.unlock();
      locks.computeIfPresent(
          disk,
          (_, counted) ->
              counted.users() == 1 ? null : new Counted(counted.lock(), counted.users() - 1));
    };
  }

  int size() {
    return locks.size();
  }
}
