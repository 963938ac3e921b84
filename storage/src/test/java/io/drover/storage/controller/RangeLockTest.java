package io.drover.storage.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockIoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RangeLockTest {
  private static final Deadline PASSED = Deadline.in(Duration.ZERO);
  private static final Deadline LONG = Deadline.in(Duration.ofMinutes(1));
  private final RangeLock lock = new RangeLock();

  private void assertFree(int first, int blocks, boolean exclusive) throws BlockIoException {
    lock.release(lock.acquire(first, blocks, exclusive, PASSED));
  }

  private void assertTaken(int first, int blocks, boolean exclusive) {
    assertThatThrownBy(() -> lock.acquire(first, blocks, exclusive, PASSED))
        .isInstanceOf(BlockIoException.class);
  }

  @Test
  void readsShareAndWritesExcludeWhatOverlaps() throws BlockIoException {
    RangeLock.Claim read = lock.acquire(10, 10, false, LONG);
    assertFree(10, 10, false);
    assertTaken(19, 1, true);
    assertFree(20, 5, true);
    assertFree(0, 10, true);
    lock.release(read);
    RangeLock.Claim write = lock.acquire(10, 10, true, LONG);
    assertTaken(15, 1, false);
    assertTaken(5, 6, true);
    assertFree(20, 1, false);
    lock.release(write);
    assertFree(0, 100, true);
  }

  @Test
  void whoGaveUpWaitingStandsInNobodysWay() throws BlockIoException {
    RangeLock.Claim read = lock.acquire(0, 10, false, LONG);
    assertTaken(0, 10, true);
    assertFree(5, 1, false);
    lock.release(read);
    assertFree(0, 10, true);
  }

  @Test
  void claimIsGivenBackOnce() throws BlockIoException {
    RangeLock.Claim claim = lock.acquire(0, 1, true, LONG);
    lock.release(claim);
    assertThatThrownBy(() -> lock.release(claim)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noBlockIsEverWrittenByTwoOrReadWhileItIsWritten() throws Exception {
    long seed = System.nanoTime();
    AtomicIntegerArray users = new AtomicIntegerArray(16);
    List<Future<Boolean>> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        long own = seed + i;
        results.add(threads.submit(user(new Random(own), users)));
      }
    }
    for (Future<Boolean> result : results) {
      assertThat(result.get()).as("seed %d", seed).isTrue();
    }
  }

  /** Readers count 1 each, a writer 1000. */
  private Callable<Boolean> user(Random random, AtomicIntegerArray users) {
    return () -> {
      boolean right = true;
      for (int round = 0; round < 300; round++) {
        int first = random.nextInt(16);
        int blocks = 1 + random.nextInt(16 - first);
        boolean write = random.nextBoolean();
        RangeLock.Claim claim = lock.acquire(first, blocks, write, LONG);
        for (int block = first; block < first + blocks; block++) {
          int now = users.addAndGet(block, write ? 1000 : 1);
          right &= write ? now == 1000 : now < 1000;
        }
        for (int block = first; block < first + blocks; block++) {
          users.addAndGet(block, write ? -1000 : -1);
        }
        lock.release(claim);
      }
      return right;
    };
  }
}
