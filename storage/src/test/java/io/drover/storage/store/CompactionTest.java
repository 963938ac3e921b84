package io.drover.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.BlockReference;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.EpochStart;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room of overwritten records comes back, and nothing else goes. */
class CompactionTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final int BLOCK = 4096;

  /** Records in a segment of the size that is set here. */
  private static final int PER_SEGMENT = 16;

  @TempDir private Path directory;
  private CollectorRegistry registry = new CollectorRegistry();
  private NodeStore store;
  private long last;
  private long committed;

  @BeforeEach
  void open() throws Exception {
    start();
    store.fence(ID, 1, true);
  }

  private void start() throws IOException {
    registry = new CollectorRegistry();
    store =
        NodeStore.open(
            "node-1",
            new StoreSettings(64 * 1024, 0),
            directory,
            "boot-1",
            new Medium(),
            new StoreMetrics(registry));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static ByteBuffer data(long sequence) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) sequence);
    return ByteBuffer.wrap(data);
  }

  private void write(long epoch, int block, int version) throws Exception {
    last++;
    LogRecord record = LogRecord.data(epoch, last, block, 1, version, data(last));
    store.append(new AppendRequest(ID, epoch, committed, record)).get();
  }

  /** Writes the blocks 0 to 15, which fills a segment. */
  private void fillSegment(long epoch, int version) throws Exception {
    for (int block = 0; block < PER_SEGMENT; block++) {
      write(epoch, block, version);
    }
  }

  /** All that is there is on every replica and durable; one more record tells the store. */
  private void commitAll(long epoch) throws Exception {
    committed = last;
    last++;
    LogRecord mark = LogRecord.epochMark(epoch, last);
    store.append(new AppendRequest(ID, epoch, committed, mark)).get();
    store.flush(ID, epoch, last);
  }

  private long sizeOf(int segment) throws IOException {
    return Files.size(StoreFiles.segments(directory, ID).get(segment));
  }

  private ByteBuffer read(long epoch, int block, int... path) throws ReplicaException {
    return store.read(new ReadRequest(ID, epoch, block, 1, BLOCK, path, 0)).data();
  }

  private List<LogRecord> fetchAll(long epoch) throws ReplicaException {
    return store.fetch(ID, epoch, LogPosition.EMPTY, Integer.MAX_VALUE).records();
  }

  @Test
  void overwrittenSegmentShrinksAndItsSequencesStayAsMarks() throws Exception {
    fillSegment(1, 0);
    fillSegment(1, 0);
    commitAll(1);
    store.compact();
    assertThat(sizeOf(0)).isLessThan(200);
    assertThat(sizeOf(1)).isGreaterThan(64 * 1024);
    assertThat(registry.getSampleValue("drover_store_reclaimed_bytes_total"))
        .isGreaterThan(64_000.0);
    for (int round = 0; round < 2; round++) { // once more after a start
      List<LogRecord> all = fetchAll(1);
      assertThat(all).hasSize((int) last);
      for (int i = 0; i < PER_SEGMENT; i++) {
        assertThat(all.get(i)).isEqualTo(LogRecord.epochMark(1, i + 1L));
        assertThat(read(1, i, 0)).isEqualTo(data(PER_SEGMENT + i + 1L));
      }
      assertThat(all.get(PER_SEGMENT).kind()).isEqualTo(LogRecord.Kind.DATA);
      store.close();
      open();
    }
  }

  @Test
  void whatIsNotCommittedOrNotDurableStays() throws Exception {
    fillSegment(1, 0);
    fillSegment(1, 0);
    write(1, 20, 0);
    store.flush(ID, 1, last);
    store.compact();
    assertThat(sizeOf(0)).as("durable, not committed").isGreaterThan(64 * 1024);
    committed = last;
    fillSegment(1, 0);
    store.compact();
    assertThat(sizeOf(0)).as("durable and committed").isLessThan(200);
    assertThat(sizeOf(1)).as("overwritten by what is neither").isGreaterThan(64 * 1024);
  }

  @Test
  void segmentThatIsMostlyReadStays() throws Exception {
    fillSegment(1, 0);
    for (int block = 0; block < PER_SEGMENT / 4; block++) {
      write(1, block, 0);
    }
    fillSegment(1, 1);
    commitAll(1);
    store.compact();
    assertThat(sizeOf(0)).isGreaterThan(64 * 1024);
  }

  @Test
  void otherVersionsKeepTheirBlocks() throws Exception {
    fillSegment(1, 0);
    fillSegment(1, 1);
    commitAll(1);
    store.compact();
    assertThat(sizeOf(0)).isGreaterThan(64 * 1024);
    assertThat(read(1, 3, 0)).isEqualTo(data(4));
    assertThat(read(1, 3, 1, 0)).isEqualTo(data(PER_SEGMENT + 4L));
  }

  @Test
  void beginOfAnEpochStaysKnown() throws Exception {
    for (int i = 0; i < 5; i++) {
      write(1, i, 0);
    }
    for (int i = 5; i < PER_SEGMENT; i++) {
      write(4, i, 0);
    }
    fillSegment(6, 0);
    commitAll(6);
    List<EpochStart> before = store.fence(ID, 6, false).epochStarts();
    store.compact();
    assertThat(sizeOf(0)).isLessThan(300);
    store.close();
    start();
    ContainerState state = store.fence(ID, 7, false);
    assertThat(state.epochStarts()).isEqualTo(before);
    assertThat(before)
        .containsExactly(new EpochStart(1, 1), new EpochStart(4, 6), new EpochStart(6, 17));
    assertThat(store.fetch(ID, 7, new LogPosition(4, 9), 1).records())
        .containsExactly(LogRecord.epochMark(4, 10));
  }

  @Test
  void compactedSegmentCanBeCutAndTheLogGoesOn() throws Exception {
    fillSegment(1, 0);
    for (int block = 0; block < 12; block++) {
      write(1, block, 0);
    }
    fillSegment(1, 1);
    commitAll(1);
    store.compact();
    assertThat(sizeOf(0)).isBetween(4 * 4096L, 5 * 4096L); // blocks 12 to 15 are still read
    store.truncate(ID, 1, new LogPosition(1, 14));
    store.close();
    open();
    assertThat(store.fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 14));
    assertThat(read(1, 13, 0)).isEqualTo(data(14));
    assertThat(fetchAll(1)).hasSize(14);
    last = 14;
    fillSegment(1, 0);
    store.flush(ID, 1, last);
    store.close();
    open();
    assertThat(read(1, 13, 0)).isEqualTo(data(14 + 14));
    assertThat(fetchAll(1)).hasSize((int) last);
  }

  @Test
  void lostEndOfACompactedSegmentIsDamage() throws Exception {
    fillSegment(1, 0);
    for (int block = 0; block < 12; block++) {
      write(1, block, 0);
    }
    fillSegment(1, 1);
    commitAll(1);
    store.compact();
    store.close();
    Path first = StoreFiles.segments(directory, ID).getFirst();
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(bytes, bytes.length - 4096 - 52));
    open();
    assertThat(store.fence(ID, 1, false).damagedSequence()).isEqualTo(1);
  }

  @Test
  void segmentWithABadBlockWaitsForItsRepair() throws Exception {
    fillSegment(1, 0);
    for (int block = 0; block < 12; block++) {
      write(1, block, 0);
    }
    fillSegment(1, 1);
    commitAll(1);
    Path first = StoreFiles.segments(directory, ID).getFirst();
    StoreFiles.flip(first, StoreFiles.offsetOf(first, 15) + 1000);
    store.compact();
    assertThat(sizeOf(0)).isGreaterThan(64 * 1024);
    assertThatThrownBy(() -> read(1, 14, 0))
        .isInstanceOfSatisfying(
            ReplicaException.BadBlock.class,
            e -> assertThat(e.blocks()).containsExactly(new BlockReference(14, 0, 15)));
    store.repair(ID, 1, 14, 0, 15, data(15));
    store.compact();
    assertThat(sizeOf(0)).isLessThan(5 * 4096);
    assertThat(read(1, 14, 0)).isEqualTo(data(15));
    assertThatThrownBy(() -> store.repair(ID, 1, 3, 0, 4, data(4)))
        .isInstanceOf(ReplicaException.Superseded.class);
  }
}
