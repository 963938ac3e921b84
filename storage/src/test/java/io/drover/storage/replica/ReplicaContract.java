package io.drover.storage.replica;

import static io.drover.storage.replica.ContainerState.Presence.ABSENT;
import static io.drover.storage.replica.ContainerState.Presence.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drover.storage.disk.DiskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What every replica service must do, whether in memory, on disk or behind a connection. */
public abstract class ReplicaContract {
  protected static final int BLOCK = 512;
  protected static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final long PATIENCE_SECONDS = 60;

  protected abstract ReplicaService replica();

  /** Makes the stored bytes of the block wrong. */
  protected abstract void corrupt(ContainerId id, int block) throws Exception;

  // ---- helpers

  protected static ByteBuffer bytes(int blocks, int seed) {
    ByteBuffer data = ByteBuffer.allocate(blocks * BLOCK);
    for (int i = 0; i < data.capacity(); i++) {
      data.put(i, (byte) (seed * 31 + i / BLOCK * 7 + i));
    }
    return data;
  }

  protected static LogRecord write(long epoch, long sequence, int first, int blocks, int version) {
    return LogRecord.data(
        epoch, sequence, first, blocks, version, bytes(blocks, (int) (epoch * 1000 + sequence)));
  }

  protected CompletableFuture<Void> append(long epoch, LogRecord record) {
    return replica().append(new AppendRequest(ID, epoch, 0, record));
  }

  protected static void await(CompletableFuture<Void> future) throws Exception {
    future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** The failure of an append. */
  protected static <T extends ReplicaException> T failure(
      CompletableFuture<Void> future, Class<T> type) throws InterruptedException {
    try {
      future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (type.isInstance(e.getCause())) {
        return type.cast(e.getCause());
      }
      throw new AssertionError("want " + type.getSimpleName(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("append is still unanswered", e);
    }
    throw new AssertionError("append succeeded, want " + type.getSimpleName());
  }

  protected ReadReply read(long epoch, int first, int count, int... path) throws ReplicaException {
    return replica().read(new ReadRequest(ID, epoch, first, count, BLOCK, path, 0));
  }

  private static BitSet bits(int... set) {
    BitSet result = new BitSet();
    for (int bit : set) {
      result.set(bit);
    }
    return result;
  }

  private static ByteBuffer block(ByteBuffer data, int i) {
    return data.slice(i * BLOCK, BLOCK);
  }

  // ---- presence and epochs

  @Test
  void unknownContainerIsReportedAbsentAndNotMade() throws Exception {
    ContainerState state = replica().fence(ID, 1, false);
    assertThat(state.presence()).isEqualTo(ABSENT);
    assertThat(state.bootId()).isNotEmpty();
    assertThat(failure(append(1, write(1, 1, 0, 1, 0)), ReplicaException.Absent.class)).isNotNull();
    assertThatThrownBy(() -> read(1, 0, 1, 0)).isInstanceOf(ReplicaException.Absent.class);
    assertThatThrownBy(() -> replica().flush(ID, 1, 0)).isInstanceOf(ReplicaException.Absent.class);
    replica().delete(ID, 1);
  }

  @Test
  void newContainerIsEmpty() throws Exception {
    ContainerState state = replica().fence(ID, 3, true);
    assertThat(state.presence()).isEqualTo(PRESENT);
    assertThat(state.last()).isEqualTo(LogPosition.EMPTY);
    assertThat(state.epochStarts()).isEmpty();
    assertThat(state.damagedSequence()).isZero();
  }

  @Test
  void lowerEpochIsRefusedByEveryCall() throws Exception {
    replica().fence(ID, 5, true);
    await(append(5, write(5, 1, 0, 1, 0)));
    replica().fence(ID, 6, false);
    assertThat(failure(append(5, write(5, 2, 0, 1, 0)), ReplicaException.Fenced.class).epoch())
        .isEqualTo(6);
    Class<ReplicaException.Fenced> fenced = ReplicaException.Fenced.class;
    assertThatThrownBy(() -> replica().fence(ID, 5, true)).isInstanceOf(fenced);
    assertThatThrownBy(() -> replica().flush(ID, 5, 1)).isInstanceOf(fenced);
    assertThatThrownBy(() -> read(5, 0, 1, 0)).isInstanceOf(fenced);
    assertThatThrownBy(() -> replica().fetch(ID, 5, LogPosition.EMPTY, 1000)).isInstanceOf(fenced);
    assertThatThrownBy(() -> replica().truncate(ID, 5, LogPosition.EMPTY)).isInstanceOf(fenced);
    assertThatThrownBy(() -> replica().repair(ID, 5, 0, 0, 1, bytes(1, 5001))).isInstanceOf(fenced);
    assertThatThrownBy(() -> replica().delete(ID, 5)).isInstanceOf(fenced);
    assertThat(read(6, 0, 1, 0).present()).isEqualTo(bits(0));
  }

  @Test
  void anyCallRaisesTheEpoch() throws Exception {
    replica().fence(ID, 1, true);
    await(append(4, write(2, 1, 0, 1, 0)));
    assertThatThrownBy(() -> replica().fence(ID, 3, false))
        .isInstanceOfSatisfying(
            ReplicaException.Fenced.class, e -> assertThat(e.epoch()).isEqualTo(4));
  }

  // ---- append and read

  @Test
  void blocksAreReadAsTheyWereWritten() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, LogRecord.epochMark(1, 1)));
    await(append(1, write(1, 2, 4, 3, 0)));
    await(append(1, LogRecord.zero(1, 3, 5, 1, 0)));
    ReadReply reply = read(1, 3, 5, 0);
    assertThat(reply.present()).isEqualTo(bits(1, 2, 3));
    assertThat(reply.zero()).isEqualTo(bits(2));
    assertThat(block(reply.data(), 0)).isEqualTo(ByteBuffer.allocate(BLOCK));
    assertThat(block(reply.data(), 1)).isEqualTo(block(bytes(3, 1002), 0));
    assertThat(block(reply.data(), 2)).isEqualTo(ByteBuffer.allocate(BLOCK));
    assertThat(block(reply.data(), 3)).isEqualTo(block(bytes(3, 1002), 2));
    assertThat(block(reply.data(), 4)).isEqualTo(ByteBuffer.allocate(BLOCK));
  }

  @Test
  void newestVersionOnThePathIsRead() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 2, 1)));
    await(append(1, write(1, 2, 0, 1, 3)));
    await(append(1, write(1, 3, 0, 1, 2)));
    assertThat(read(1, 0, 1, 3, 1).data()).isEqualTo(bytes(1, 1002));
    assertThat(read(1, 0, 1, 2, 1).data()).isEqualTo(bytes(1, 1003));
    assertThat(read(1, 0, 1, 1).data()).isEqualTo(block(bytes(2, 1001), 0));
    assertThat(read(1, 1, 1, 4, 3, 1).data()).isEqualTo(block(bytes(2, 1001), 1));
    assertThat(read(1, 0, 2, 4, 0).present()).isEqualTo(bits());
  }

  @Test
  void largestRecordIsReadBack() throws Exception {
    replica().fence(ID, 1, true);
    int blocks = LogRecord.MAX_DATA_BYTES / BLOCK;
    await(append(1, write(1, 1, 0, blocks, 0)));
    assertThat(read(1, 0, blocks, 0).data()).isEqualTo(bytes(blocks, 1001));
    assertThat(read(1, 77, 1, 0).data()).isEqualTo(block(bytes(blocks, 1001), 77));
  }

  @Test
  void pipelinedAppendsAreAppliedInOrder() throws Exception {
    replica().fence(ID, 1, true);
    List<CompletableFuture<Void>> futures = new ArrayList<>();
    int count = 500;
    for (int i = 1; i <= count; i++) {
      futures.add(append(1, write(1, i, i % 10, 1, 0)));
    }
    for (CompletableFuture<Void> future : futures) {
      await(future);
    }
    assertThat(replica().flush(ID, 1, count).sequence()).isGreaterThanOrEqualTo(count);
    for (int b = 0; b < 10; b++) {
      int newest = b == 0 ? count : count - 10 + b;
      assertThat(read(1, b, 1, 0).data()).isEqualTo(bytes(1, 1000 + newest));
    }
  }

  @Test
  void recordThatDoesNotFollowIsAGapAndSoAreThoseBehindIt() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 1, 0)));
    CompletableFuture<Void> gap = append(1, write(1, 3, 0, 1, 0));
    CompletableFuture<Void> behind = append(1, write(1, 4, 0, 1, 0));
    assertThat(failure(gap, ReplicaException.Gap.class).last()).isEqualTo(new LogPosition(1, 1));
    failure(behind, ReplicaException.Gap.class);
    await(append(1, write(1, 2, 0, 1, 0)));
  }

  @Test
  void recordThatIsThereSucceedsAgainButNotWithAnotherEpoch() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 1, 0)));
    await(append(2, write(2, 2, 0, 1, 0)));
    await(append(2, write(1, 1, 0, 1, 0)));
    await(append(2, write(2, 2, 0, 1, 0)));
    failure(append(2, write(2, 1, 0, 1, 0)), ReplicaException.Gap.class);
    failure(append(2, write(1, 2, 0, 1, 0)), ReplicaException.Gap.class);
    failure(append(2, write(1, 3, 0, 1, 0)), ReplicaException.Gap.class);
  }

  @Test
  void sealedReadIsRefusedByAReplicaThatIsBehind() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 1, 0)));
    ReadRequest wanted = new ReadRequest(ID, 1, 0, 1, BLOCK, new int[] {0}, 2);
    assertThat(catchThrowableOfType(ReplicaException.Behind.class, () -> replica().read(wanted)))
        .extracting(ReplicaException.Behind::last)
        .isEqualTo(new LogPosition(1, 1));
    await(append(1, write(1, 2, 1, 1, 1)));
    assertThat(replica().read(wanted).data()).isEqualTo(bytes(1, 1001));
  }

  // ---- flush

  @Test
  void flushCoversWhatWasAppendedAndRefusesMore() throws Exception {
    String boot = replica().fence(ID, 1, true).bootId();
    await(append(1, write(1, 1, 0, 1, 0)));
    await(append(1, write(1, 2, 0, 1, 0)));
    Durable durable = replica().flush(ID, 1, 2);
    assertThat(durable.sequence()).isEqualTo(2);
    assertThat(durable.bootId()).isEqualTo(boot);
    assertThat(replica().fence(ID, 1, false).durableSequence()).isEqualTo(2);
    assertThatThrownBy(() -> replica().flush(ID, 1, 3)).isInstanceOf(ReplicaException.Behind.class);
  }

  // ---- state, fetch, truncate

  @Test
  void stateTellsWhereEachEpochBegins() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, LogRecord.epochMark(1, 1)));
    await(append(1, write(1, 2, 0, 1, 0)));
    await(append(4, LogRecord.epochMark(4, 3)));
    ContainerState state = replica().fence(ID, 4, false);
    assertThat(state.last()).isEqualTo(new LogPosition(4, 3));
    assertThat(state.epochStarts()).containsExactly(new EpochStart(1, 1), new EpochStart(4, 3));
  }

  @Test
  void fetchedRecordsBringAnotherContainerUpToDate() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, LogRecord.epochMark(1, 1)));
    await(append(1, write(1, 2, 7, 3, 0)));
    await(append(2, LogRecord.zero(2, 3, 8, 1, 0)));
    await(append(2, write(2, 4, 9, 1, 1)));
    ContainerId other = new ContainerId(new DiskId("disk-1"), 1);
    replica().fence(other, 2, true);
    LogPosition at = LogPosition.EMPTY;
    boolean end = false;
    while (!end) {
      LogChunk chunk = replica().fetch(ID, 2, at, 1);
      assertThat(chunk.records()).isNotEmpty();
      for (LogRecord record : chunk.records()) {
        await(replica().append(new AppendRequest(other, 2, 0, record)));
        at = record.position();
      }
      end = chunk.end();
    }
    assertThat(replica().fetch(ID, 2, at, 1)).isEqualTo(new LogChunk(List.of(), true));
    ReadRequest all = new ReadRequest(ID, 2, 6, 5, BLOCK, new int[] {1, 0}, 0);
    ReadRequest copied = new ReadRequest(other, 2, 6, 5, BLOCK, new int[] {1, 0}, 0);
    assertThat(replica().read(copied)).isEqualTo(replica().read(all));
    assertThat(replica().fence(other, 2, false).epochStarts())
        .isEqualTo(replica().fence(ID, 2, false).epochStarts());
  }

  @Test
  void fetchAfterAPositionThatIsNotThereIsDiverged() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 1, 0)));
    for (LogPosition wrong : List.of(new LogPosition(2, 1), new LogPosition(1, 2))) {
      assertThatThrownBy(() -> replica().fetch(ID, 2, wrong, 100))
          .isInstanceOf(ReplicaException.Diverged.class);
      assertThatThrownBy(() -> replica().truncate(ID, 2, wrong))
          .isInstanceOf(ReplicaException.Diverged.class);
    }
  }

  @Test
  void truncateBringsBackWhatWasOverwrittenAfterThePosition() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 0, 2, 0)));
    await(append(1, write(1, 2, 0, 1, 0)));
    await(append(2, write(2, 3, 1, 1, 0)));
    replica().flush(ID, 2, 3);
    replica().truncate(ID, 2, new LogPosition(1, 1));
    ContainerState state = replica().fence(ID, 2, false);
    assertThat(state.last()).isEqualTo(new LogPosition(1, 1));
    assertThat(state.durableSequence()).isEqualTo(1);
    assertThat(read(2, 0, 2, 0).data()).isEqualTo(bytes(2, 1001));
    await(append(3, write(3, 2, 1, 1, 0)));
    assertThat(read(3, 1, 1, 0).data()).isEqualTo(bytes(1, 3002));
    replica().truncate(ID, 3, LogPosition.EMPTY);
    assertThat(replica().fence(ID, 3, false).last()).isEqualTo(LogPosition.EMPTY);
    assertThat(read(3, 0, 2, 0).present()).isEqualTo(bits());
    await(append(3, write(3, 1, 0, 1, 0)));
  }

  @Test
  void deletedContainerIsAbsentAndCanBeMadeAnew() throws Exception {
    replica().fence(ID, 9, true);
    await(append(9, write(9, 1, 0, 1, 0)));
    replica().delete(ID, 9);
    assertThat(replica().fence(ID, 9, false).presence()).isEqualTo(ABSENT);
    assertThat(replica().fence(ID, 2, true).last()).isEqualTo(LogPosition.EMPTY);
    assertThat(read(2, 0, 1, 0).present()).isEqualTo(bits());
  }

  // ---- damage of blocks

  @Test
  void badBlockIsNamedAndCanBeRepaired() throws Exception {
    replica().fence(ID, 1, true);
    await(append(1, write(1, 1, 10, 4, 0)));
    replica().flush(ID, 1, 1);
    corrupt(ID, 12);
    BlockReference bad = new BlockReference(12, 0, 1);
    ReplicaException.BadBlock found =
        catchThrowableOfType(ReplicaException.BadBlock.class, () -> read(1, 10, 4, 0));
    assertThat(found.blocks()).containsExactly(bad);
    assertThatThrownBy(() -> replica().fetch(ID, 1, LogPosition.EMPTY, 100))
        .isInstanceOf(ReplicaException.BadBlock.class);
    assertThat(read(1, 10, 2, 0).present()).isEqualTo(bits(0, 1));

    ByteBuffer right = block(bytes(4, 1001), 2);
    assertThatThrownBy(() -> replica().repair(ID, 1, 12, 0, 1, bytes(1, 99)))
        .isInstanceOf(ReplicaException.Superseded.class);
    assertThatThrownBy(() -> replica().repair(ID, 1, 12, 1, 1, right))
        .isInstanceOf(ReplicaException.Invalid.class);
    assertThatThrownBy(() -> replica().repair(ID, 1, 14, 0, 1, right))
        .isInstanceOf(ReplicaException.Invalid.class);
    assertThatThrownBy(() -> read(1, 12, 1, 0)).isInstanceOf(ReplicaException.BadBlock.class);
    replica().repair(ID, 1, 12, 0, 1, right);
    assertThat(read(1, 10, 4, 0).data()).isEqualTo(bytes(4, 1001));
  }
}
