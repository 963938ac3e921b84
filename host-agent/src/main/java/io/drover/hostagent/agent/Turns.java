package io.drover.hostagent.agent;

import io.drover.hostagent.vm.VmId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets what concerns one machine happen one after the other, in the order in which it came. Keeps
 * nothing of a machine that nobody is at.
 */
final class Turns {
  private final ConcurrentHashMap<VmId, Turn> open = new ConcurrentHashMap<>();

  private record Turn(ReentrantLock lock, int users) {
    Turn with(int more) {
      return new Turn(lock, users + more);
    }
  }

  /** Waits for the machine's turn; {@link #end} follows on the same thread. */
  void begin(VmId vm) {
    open.compute(
            vm, (id, known) -> known == null ? new Turn(new ReentrantLock(true), 1) : known.with(1))
        .lock()
        .lock();
  }

  /** Ends what {@link #begin} began. */
  void end(VmId vm) {
    open.computeIfPresent(
        vm,
        (id, known) -> {
          known.lock().unlock();
          return known.users() == 1 ? null : known.with(-1);
        });
  }

  /** Whether somebody has the machine's turn, or waits for it. */
  boolean taken(VmId vm) {
    return open.containsKey(vm);
  }

  /** How many machines somebody is at. */
  int size() {
    return open.size();
  }
}
