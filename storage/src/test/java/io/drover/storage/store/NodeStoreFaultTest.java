package io.drover.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.BlockReference;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.Durable;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store on a disk that is full, fails, or is slow; and under callers who are interrupted. */
@Timeout(120)
class NodeStoreFaultTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final int BLOCK = 4096;
  private static final long RESERVED = 1 << 20;

  @TempDir private Path directory;
  private final FaultyMedium medium = new FaultyMedium();
  private final CollectorRegistry registry = new CollectorRegistry();
  private NodeStore store;

  @BeforeEach
  void open() throws Exception {
    store = openAgain();
    store.fence(ID, 1, true);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private NodeStore openAgain() throws IOException {
    registry.clear();
    return NodeStore.open(
        "node-1",
        new StoreSettings(64 * 1024, RESERVED),
        directory,
        "boot-1",
        medium,
        new StoreMetrics(registry));
  }

  private static ByteBuffer data(long sequence) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) sequence);
    return ByteBuffer.wrap(data);
  }

  private void append(long sequence) throws Exception {
    LogRecord record = LogRecord.data(1, sequence, (int) sequence, 1, 0, data(sequence));
    store.append(new AppendRequest(ID, 1, 0, record)).get();
  }

  private ByteBuffer read(long sequence) throws ReplicaException {
    return store.read(new ReadRequest(ID, 1, (int) sequence, 1, BLOCK, new int[] {0}, 0)).data();
  }

  @Test
  void fullPoolRefusesAppendsAndNothingElse() throws Exception {
    append(1);
    medium.usableBytes = RESERVED + 100;
    long last = appendUntilRefused();
    assertThat(
            registry.getSampleValue(
                "drover_store_refused_appends_total",
                new String[] {"reason"},
                new String[] {"full"}))
        .isEqualTo(1);
    assertThat(store.flush(ID, 1, last).sequence()).isEqualTo(last);
    assertThat(read(1)).isEqualTo(data(1));
    assertThat(store.fence(ID, 2, false).last()).isEqualTo(new LogPosition(1, last));
    ContainerId other = new ContainerId(new DiskId("disk-2"), 0);
    store.fence(other, 1, true);
    store.delete(other, 1);
    medium.usableBytes = RESERVED + (1 << 20);
    LogRecord next = LogRecord.data(1, last + 1, 2, 1, 0, data(2));
    store.append(new AppendRequest(ID, 2, 0, next)).get();
  }

  /** The measure of free space holds for a moment; answers with the last that was taken. */
  private long appendUntilRefused() throws Exception {
    for (long sequence = 2; ; sequence++) {
      try {
        append(sequence);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(ReplicaException.NoSpace.class);
        return sequence - 1;
      }
    }
  }

  @Test
  void diskThatIsFullInTheMiddleOfAWriteIsNoFailureOfTheContainer() throws Exception {
    append(1);
    medium.failWrites =
        path -> {
          medium.usableBytes = 10; // granted, but somebody else was quicker
          return FaultyMedium.isSegment(path);
        };
    assertThatThrownBy(() -> append(2)).hasCauseInstanceOf(ReplicaException.NoSpace.class);
    medium.failWrites = FaultyMedium::none;
    medium.usableBytes = Long.MAX_VALUE / 2;
    append(2);
    store.flush(ID, 1, 2);
    store.close();
    store = openAgain();
    assertThat(store.fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 2));
  }

  @Test
  void writeThatFailsEndsWritingUntilARestart() throws Exception {
    append(1);
    medium.failWrites = FaultyMedium::isSegment;
    assertThatThrownBy(() -> append(2)).hasCauseInstanceOf(ReplicaException.StoreFailed.class);
    medium.failWrites = FaultyMedium::none;
    assertThatThrownBy(() -> append(2)).hasCauseInstanceOf(ReplicaException.StoreFailed.class);
    assertThatThrownBy(() -> store.flush(ID, 1, 1))
        .isInstanceOf(ReplicaException.StoreFailed.class);
    assertThat(registry.getSampleValue("drover_store_failed_containers")).isEqualTo(1);
    assertThat(read(1)).isEqualTo(data(1));
    store.close();
    store = openAgain();
    assertThat(store.fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 1));
    append(2);
    assertThat(store.flush(ID, 1, 2).sequence()).isEqualTo(2);
  }

  @Test
  void fsyncThatFailsIsNeverAnsweredAsDurable() throws Exception {
    append(1);
    store.flush(ID, 1, 1);
    append(2);
    medium.failForces = FaultyMedium::isSegment;
    assertThatThrownBy(() -> store.flush(ID, 1, 2))
        .isInstanceOf(ReplicaException.StoreFailed.class);
    medium.failForces = FaultyMedium::none;
    assertThatThrownBy(() -> store.flush(ID, 1, 2))
        .isInstanceOf(ReplicaException.StoreFailed.class);
    assertThat(store.fence(ID, 1, false).durableSequence()).isEqualTo(1);
  }

  @Test
  void epochThatCannotBeMadeDurableIsNotAnswered() throws Exception {
    medium.failForces = path -> path.endsWith("epoch");
    assertThatThrownBy(() -> store.fence(ID, 5, false))
        .isInstanceOf(ReplicaException.StoreFailed.class);
    medium.failForces = FaultyMedium::none;
    store.close();
    store = openAgain();
    assertThat(store.fence(ID, 5, false).presence()).isEqualTo(ContainerState.Presence.PRESENT);
  }

  @Test
  void blockThatCannotBeReadIsABadBlock() throws Exception {
    byte[] large = new byte[16 * BLOCK];
    LogRecord record = LogRecord.data(1, 1, 0, 16, 0, ByteBuffer.wrap(large));
    store.append(new AppendRequest(ID, 1, 0, record)).get();
    AtomicInteger reads = new AtomicInteger();
    medium.failReads = _ -> reads.incrementAndGet() == 2; // the first is that of the header
    assertThatThrownBy(() -> store.read(new ReadRequest(ID, 1, 3, 2, BLOCK, new int[] {0}, 0)))
        .isInstanceOfSatisfying(
            ReplicaException.BadBlock.class,
            e ->
                assertThat(e.blocks())
                    .containsExactly(new BlockReference(3, 0, 1), new BlockReference(4, 0, 1)));
  }

  @Test
  void concurrentFlushesShareAnFsync() throws Exception {
    int callers = 30;
    append(1);
    store.flush(ID, 1, 1);
    int before = medium.forces.get();
    medium.forcesBegun.drainPermits();
    medium.forcesAllowed.drainPermits();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      append(2);
      List<Future<Durable>> flushes = new ArrayList<>();
      flushes.add(executor.submit(() -> store.flush(ID, 1, 2)));
      medium.forcesBegun.acquire();
      for (int i = 0; i < callers; i++) {
        long sequence = 3L + i;
        append(sequence);
        flushes.add(executor.submit(() -> store.flush(ID, 1, sequence)));
      }
      medium.forcesAllowed.release(callers);
      for (int i = 0; i < flushes.size(); i++) {
        Durable durable = flushes.get(i).get(60, TimeUnit.SECONDS);
        assertThat(durable.sequence()).isGreaterThanOrEqualTo(2 + i);
      }
    } finally {
      medium.forcesAllowed.release(1000);
    }
    // One under way when the others came, one for all who waited, and some for late comers.
    int segments = StoreFiles.segments(directory, ID).size();
    assertThat(medium.forces.get() - before).isLessThan(callers / 2 + segments);
  }

  @Test
  void slowFsyncStopsNeitherAppendsNorReads() throws Exception {
    append(1);
    medium.forcesBegun.drainPermits();
    medium.forcesAllowed.drainPermits();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Durable> flush = executor.submit(() -> store.flush(ID, 1, 1));
      medium.forcesBegun.acquire();
      append(2);
      assertThat(read(2)).isEqualTo(data(2));
      assertThat(flush.isDone()).isFalse();
      medium.forcesAllowed.release(1000);
      assertThat(flush.get(60, TimeUnit.SECONDS).sequence()).isEqualTo(1);
    } finally {
      medium.forcesAllowed.release(1000);
    }
  }

  @Test
  void interruptedCallersDoNotCloseTheFilesUnderOthers() throws Exception {
    for (int i = 1; i <= 50; i++) {
      append(i);
    }
    for (int i = 1; i <= 50; i++) {
      Thread.currentThread().interrupt();
      assertThat(read(i)).isEqualTo(data(i));
      assertThat(Thread.interrupted()).isTrue();
    }
    append(51);
    Thread.currentThread().interrupt();
    assertThat(store.flush(ID, 1, 51).sequence()).isEqualTo(51);
    assertThat(Thread.interrupted()).isTrue();
    append(52);
    assertThat(read(52)).isEqualTo(data(52));
  }
}
