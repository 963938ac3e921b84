package io.drover.storage.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.disk.DiskId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DiskLocksTest {
  private static final DiskId DISK = new DiskId("d1");
  private final DiskLocks locks = new DiskLocks();

  @Test
  void oneAtATimeForOneDiskAndNothingIsKept() throws Exception {
    int[] inside = new int[1];
    List<Integer> seen = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int round = 0; round < 100; round++) {
                  try (DiskLocks.Held _ = locks.lock(DISK)) {
                    inside[0]++;
                    seen.add(inside[0]);
                    inside[0]--;
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(1600).containsOnly(1);
    assertThat(locks.size()).isZero();
  }

  @Test
  void otherDisksDoNotWait() throws Exception {
    try (DiskLocks.Held _ = locks.lock(DISK)) {
      Thread other = Thread.ofVirtual().start(() -> locks.lock(new DiskId("d2")).close());
      other.join();
      assertThat(locks.size()).isEqualTo(1);
    }
  }
}
