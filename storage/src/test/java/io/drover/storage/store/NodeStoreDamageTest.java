package io.drover.storage.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogChunk;
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

/** What the store makes of files that are not as it left them. */
class NodeStoreDamageTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final int BLOCK = 4096;

  @TempDir private Path directory;
  private CollectorRegistry registry = new CollectorRegistry();
  private NodeStore store;
  private long holder;

  @BeforeEach
  void open() throws IOException {
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

  private static LogRecord record(long epoch, long sequence) {
    byte[] data = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      data[i] = (byte) (sequence * 13 + i);
    }
    return LogRecord.data(epoch, sequence, (int) sequence, 1, 0, ByteBuffer.wrap(data));
  }

  private void append(long epoch, long from, long to) throws Exception {
    for (long s = from; s <= to; s++) {
      store.append(new AppendRequest(ID, Math.max(epoch, holder), 0, record(epoch, s))).get();
    }
  }

  /** Forty durable records in three segments, half of them of epoch 2. */
  private void fill() throws Exception {
    store.fence(ID, 1, true);
    append(1, 1, 20);
    append(2, 21, 40);
    holder = 2;
    store.flush(ID, 2, 40);
    assertThat(StoreFiles.segments(directory, ID)).hasSize(3);
  }

  private ByteBuffer read(long sequence) throws ReplicaException {
    return store.read(new ReadRequest(ID, 2, (int) sequence, 1, BLOCK, new int[] {0}, 0)).data();
  }

  private double metric(String name) {
    Double value = registry.getSampleValue(name);
    return value == null ? -1 : value;
  }

  /** Closes, spoils, opens, fences. */
  private ContainerState after(Spoil spoil) throws Exception {
    store.close();
    spoil.run(StoreFiles.segments(directory, ID));
    open();
    return store.fence(ID, 2, false);
  }

  private interface Spoil {
    void run(List<Path> segments) throws IOException;
  }

  private void flipHeader(List<Path> segments, int segment, long sequence) throws IOException {
    Path file = segments.get(segment);
    StoreFiles.flip(file, StoreFiles.offsetOf(file, sequence) + 20);
  }

  @Test
  void badHeaderBeforeTheMarkIsDamageAndNotTheEndOfTheLog() throws Exception {
    fill();
    ContainerState state = after(files -> flipHeader(files, 0, 7));
    assertThat(state.damagedSequence()).isEqualTo(7);
    assertThat(state.last()).isEqualTo(new LogPosition(2, 40));
    assertThat(metric("drover_store_damaged_containers")).isEqualTo(1);
    assertThatThrownBy(() -> read(3)).isInstanceOf(ReplicaException.Damaged.class);
    assertThatThrownBy(() -> store.fetch(ID, 2, LogPosition.EMPTY, 10))
        .isInstanceOf(ReplicaException.Damaged.class);
    assertThatThrownBy(() -> append(2, 41, 41)).hasCauseInstanceOf(ReplicaException.Damaged.class);
    assertThatThrownBy(() -> store.flush(ID, 2, 40)).isInstanceOf(ReplicaException.Damaged.class);
  }

  @Test
  void damageIsStillThereAfterAnotherStart() throws Exception {
    fill();
    assertThat(after(files -> flipHeader(files, 1, 18)).damagedSequence()).isEqualTo(18);
    assertThat(after(files -> {}).damagedSequence()).isEqualTo(18);
  }

  @Test
  void damagedLogIsCutAndFilledAgain() throws Exception {
    fill();
    ContainerState state = after(files -> flipHeader(files, 1, 18));
    assertThat(state.epochStarts().getLast().firstSequence()).isEqualTo(18);
    store.truncate(ID, 2, new LogPosition(1, 17));
    ContainerState cut = store.fence(ID, 2, false);
    assertThat(cut.damagedSequence()).isZero();
    assertThat(cut.last()).isEqualTo(new LogPosition(1, 17));
    assertThat(metric("drover_store_damaged_containers")).isZero();
    append(1, 18, 20);
    append(2, 21, 40);
    store.flush(ID, 2, 40);
    assertThat(after(files -> {}).last()).isEqualTo(new LogPosition(2, 40));
    assertThat(read(18)).isEqualTo(record(1, 18).data());
  }

  @Test
  void lostSegmentIsDamage() throws Exception {
    fill();
    ContainerState state = after(files -> Files.delete(files.get(1)));
    assertThat(state.damagedSequence()).isEqualTo(17);
    assertThat(state.last()).isEqualTo(new LogPosition(2, 40));
  }

  @Test
  void lostEndIsDamageWhenItWasDurable() throws Exception {
    fill();
    ContainerState state = after(files -> Files.delete(files.get(2)));
    assertThat(state.damagedSequence()).isEqualTo(33);
    store.truncate(ID, 2, new LogPosition(2, 32));
    assertThat(after(files -> {}).last()).isEqualTo(new LogPosition(2, 32));
  }

  @Test
  void spoiledSegmentHeaderIsDamage() throws Exception {
    fill();
    assertThat(after(files -> StoreFiles.flip(files.get(1), 9)).damagedSequence()).isEqualTo(17);
  }

  @Test
  void headerThatGoesBadInServiceStopsReadsButNotWrites() throws Exception {
    fill();
    flipHeader(StoreFiles.segments(directory, ID), 0, 7);
    assertThatThrownBy(() -> read(7)).isInstanceOf(ReplicaException.Damaged.class);
    assertThatThrownBy(() -> read(8)).isInstanceOf(ReplicaException.Damaged.class);
    assertThat(store.fence(ID, 2, false).damagedSequence()).isEqualTo(7);
    append(2, 41, 41);
    assertThat(store.flush(ID, 2, 41).sequence()).isEqualTo(41);
    store.truncate(ID, 2, new LogPosition(1, 6));
    assertThat(read(6)).isEqualTo(record(1, 6).data());
  }

  @Test
  void badDataBeforeTheMarkSpoilsItsBlockAlone() throws Exception {
    fill();
    ContainerState state = after(_ -> StoreFiles.corruptBlock(directory, ID, 9));
    assertThat(state.damagedSequence()).isZero();
    assertThatThrownBy(() -> read(9)).isInstanceOf(ReplicaException.BadBlock.class);
    assertThat(metric("drover_store_damaged_records_total")).isEqualTo(1);
    assertThat(read(8)).isEqualTo(record(1, 8).data());
    store.repair(ID, 2, 9, 0, 9, record(1, 9).data());
    assertThat(after(_ -> {}).damagedSequence()).isZero();
    assertThat(read(9)).isEqualTo(record(1, 9).data());
  }

  @Test
  void tornTailBeyondTheMarkIsCutAndTheLogGoesOn() throws Exception {
    fill();
    ContainerState state =
        after(files -> {
          Path last = files.getLast();
          byte[] bytes = Files.readAllBytes(last);
          byte[] torn = Arrays.copyOf(bytes, bytes.length + 2000);
          System.arraycopy(bytes, StoreFiles.offsetOf(last, 40), torn, bytes.length, 2000);
          Files.write(last, torn);
        });
    assertThat(state.damagedSequence()).isZero();
    assertThat(state.last()).isEqualTo(new LogPosition(2, 40));
    assertThat(metric("drover_store_cut_bytes_total")).isEqualTo(2000);
    append(2, 41, 41);
    assertThat(after(_ -> {}).last()).isEqualTo(new LogPosition(2, 41));
  }

  @Test
  void oneSpoiledCopyOfEpochOrMarkDoesNotMatter() throws Exception {
    fill();
    ContainerState state =
        after(_ -> {
          StoreFiles.flip(StoreFiles.container(directory, ID).resolve("epoch"), 20);
          StoreFiles.flip(StoreFiles.container(directory, ID).resolve("mark"), 20);
        });
    assertThat(state.last()).isEqualTo(new LogPosition(2, 40));
    assertThatThrownBy(() -> store.fence(ID, 1, false)).isInstanceOf(ReplicaException.Fenced.class);
  }

  @Test
  void containerWhoseEpochIsLostIsServedToNobodyUntilItIsDeleted() throws Exception {
    fill();
    Path epoch = StoreFiles.container(directory, ID).resolve("epoch");
    store.close();
    StoreFiles.flip(epoch, 20);
    StoreFiles.flip(epoch, 4096 + 20);
    open();
    assertThatThrownBy(() -> store.fence(ID, 9, true))
        .isInstanceOf(ReplicaException.StoreFailed.class);
    assertThatThrownBy(() -> read(1)).isInstanceOf(ReplicaException.StoreFailed.class);
    assertThat(metric("drover_store_failed_containers")).isEqualTo(1);
    store.delete(ID, 9);
    assertThat(metric("drover_store_failed_containers")).isZero();
    assertThat(store.fence(ID, 9, false).presence()).isEqualTo(ContainerState.Presence.ABSENT);
  }

  @Test
  void poolIsOpenedOnceAndOnlyIfItIsOne() throws Exception {
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
    fill();
    store.close();
    Files.delete(directory.resolve("pool"));
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("'pool'");
    Files.writeString(directory.resolve("pool"), "drover-pool 2\n");
    assertThatThrownBy(this::open).hasMessageContaining("drover-pool 2");
    Files.writeString(directory.resolve("pool"), "drover-pool 1\n");
    open();
    LogChunk all = store.fetch(ID, 2, LogPosition.EMPTY, Integer.MAX_VALUE);
    assertThat(all.records()).hasSize(40);
  }
}
