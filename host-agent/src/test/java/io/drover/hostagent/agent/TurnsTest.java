package io.drover.hostagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.vm.VmId;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void oneAtATimeAndNothingIsKeptOfAMachineThatNobodyIsAt() {
    Turns turns = new Turns();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    VmId shared = new VmId("shared");
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        VmId own = new VmId("vm" + i);
        executor.execute(() -> {
          turns.begin(own);
          turns.end(own);
          turns.begin(shared);
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          // Gives up the carrier thread, so that the others get their chance to come in.
          LockSupport.parkNanos(1);
          inside.decrementAndGet();
          turns.end(shared);
        });
      }
    }
    assertThat(most).hasValue(1);
    assertThat(turns.size()).isZero();
    turns.begin(shared);
    assertThat(turns.taken(shared)).isTrue();
    turns.end(shared);
    assertThat(turns.taken(shared)).isFalse();
  }
}
