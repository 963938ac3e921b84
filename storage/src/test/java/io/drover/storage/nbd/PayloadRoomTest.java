package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PayloadRoomTest {
  private static final int SHARED = 1 << 20;

  @Test
  void smallRequestWaitsForTheConnectionsOwnRoomOrTheSharedOne() throws Exception {
    SharedRoom shared = new SharedRoom(SHARED);
    PayloadRoom greedy = new PayloadRoom(shared, 4 << 20);
    PayloadRoom modest = new PayloadRoom(shared, 4 << 20);
    PayloadRoom.Held all = greedy.hold(SHARED);
    PayloadRoom.Held own = modest.hold(PayloadRoom.OWN_BYTES);
    FutureTask<PayloadRoom.Held> next = new FutureTask<>(() -> modest.hold(1000));
    Thread.ofVirtual().start(next);
    own.release();

    next.get().release();
    FutureTask<PayloadRoom.Held> large = new FutureTask<>(() -> modest.hold(SHARED));
    Thread.ofVirtual().start(large);
    all.release();
    large.get().release();
  }

  @Test
  void neverMoreIsHeldThanAllowedAndNobodyStarves() throws Exception {
    SharedRoom shared = new SharedRoom(SHARED);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    List<FutureTask<Boolean>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      PayloadRoom room = new PayloadRoom(shared, SHARED);
      // Half of them only ask for much, half only for little.
      int bytes = i % 2 == 0 ? SHARED : 20_000;
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(31L * i + thread);
        FutureTask<Boolean> client =
            new FutureTask<>(
                () -> {
                  for (int round = 0; round < 200; round++) {
                    int asked = bytes - random.nextInt(1000);
                    PayloadRoom.Held part = room.hold(asked);
                    most.accumulateAndGet(held.addAndGet(asked), Math::max);
                    Thread.onSpinWait();
                    held.addAndGet(-asked);
                    part.release();
                  }
                },
                true);
        clients.add(client);
        Thread.ofVirtual().start(client);
      }
    }
    for (FutureTask<Boolean> client : clients) {
      assertThat(client.get()).isTrue();
    }
    assertThat(most.get()).isLessThanOrEqualTo(SHARED + 8L * PayloadRoom.OWN_BYTES);
    assertThat(held.get()).isZero();
  }
}
