package io.drover.storage.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogChunk;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories on a disk that loses power at random steps, compared with a list of records.
 *
 * <p>After each loss: what was answered as durable is there; what is there is a beginning of what
 * was written; an epoch once answered is not forgotten; nothing is reported as damaged. Replay one
 * seed with {@code -Ddrover.test.seed=N}.
 */
class CrashPropertyTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 3);
  private static final int BLOCK = 512;
  private static final int BLOCKS = 40;
  private static final int VERSIONS = 3;
  private static final int LIVES = 12;

  @TempDir private Path directory;

  static List<Long> seeds() {
    Long one = Long.getLong("drover.test.seed");
    return one != null
        ? List.of(one)
        : LongStream.rangeClosed(1, Long.getLong("drover.test.seeds", 40)).boxed().toList();
  }

  /** What must be, and what may be, after the next loss of power. */
  private static final class Model {
    final List<LogRecord> log = new ArrayList<>();
    boolean exists;
    long epoch;

    /** Answered as durable. */
    int durable;

    /** On every in-sync replica, as far as this one was told; never cut any more. */
    int committed;

    /** Epoch and record of calls that were not answered. */
    long attemptedEpoch;

    @Nullable LogRecord attempted;
    boolean creating;

    LogPosition last() {
      return log.isEmpty() ? LogPosition.EMPTY : log.getLast().position();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatWasDurableIsThereAfterALossOfPower(long seed) throws Exception {
    Random random = new Random(seed);
    Model model = new Model();
    Path pool = directory.resolve("life-0");
    for (int life = 1; life <= LIVES; life++) {
      CrashMedium medium = new CrashMedium(random, random.nextInt(400));
      live(pool, "boot-" + life, medium, model, random);
      Path next = directory.resolve("life-" + life);
      medium.afterPowerLoss(pool, next);
      pool = next;
    }
    CrashMedium medium = new CrashMedium(random, Integer.MAX_VALUE);
    try (NodeStore store = open(pool, "boot-last", medium)) {
      check(store, model, random);
    }
  }

  private static NodeStore open(Path pool, String boot, Medium medium) throws IOException {
    return NodeStore.open(
        "node-1",
        new StoreSettings(64 * 1024, 0),
        pool,
        boot,
        medium,
        new StoreMetrics(new CollectorRegistry()));
  }

  /** Until the power fails. */
  private static void live(Path pool, String boot, CrashMedium medium, Model model, Random random)
      throws Exception {
    NodeStore store;
    try {
      store = open(pool, boot, medium);
    } catch (IOException e) {
      assertThat(medium.crashed()).as("open failed though there was power: %s", e).isTrue();
      return;
    }
    try (store) {
      check(store, model, random);
      while (true) {
        step(store, model, random);
      }
    } catch (ReplicaException.StoreFailed e) {
      if (!medium.crashed()) {
        throw e;
      }
    } finally {
      medium.crash();
    }
  }

  private static void step(NodeStore store, Model model, Random random) throws Exception {
    switch (random.nextInt(20)) {
      case 0 -> raise(store, model, model.epoch + 1 + random.nextInt(2));
      case 1, 2, 3 -> flush(store, model, random);
      case 4 -> truncate(store, model, random);
      case 5 -> readAll(store, model, random);
      case 6 -> {
        if (random.nextInt(10) == 0) {
          delete(store, model);
        }
      }
      case 7 -> model.committed = model.log.size();
      case 8 -> store.compact();
      default -> append(store, model, random);
    }
  }

  private static void raise(NodeStore store, Model model, long epoch) throws ReplicaException {
    model.attemptedEpoch = Math.max(model.attemptedEpoch, epoch);
    model.creating = !model.exists;
    store.fence(ID, epoch, true);
    model.exists = true;
    model.creating = false;
    model.epoch = epoch;
  }

  private static void flush(NodeStore store, Model model, Random random) throws ReplicaException {
    if (model.exists) {
      int wanted = random.nextInt(model.log.size() + 1);
      long durable = store.flush(ID, model.epoch, wanted).sequence();
      assertThat(durable).isBetween((long) wanted, (long) model.log.size());
      model.durable = Math.max(model.durable, (int) durable);
    }
  }

  private static void truncate(NodeStore store, Model model, Random random)
      throws ReplicaException {
    if (model.exists) {
      boolean all = random.nextInt(20) == 0;
      int keep = all ? 0 : Math.max(model.committed, model.log.size() - random.nextInt(30));
      model.committed = Math.min(model.committed, keep);
      model.durable = Math.min(model.durable, keep);
      LogPosition to = keep == 0 ? LogPosition.EMPTY : model.log.get(keep - 1).position();
      store.truncate(ID, model.epoch, to);
      model.log.subList(keep, model.log.size()).clear();
      model.durable = keep;
    }
  }

  private static void delete(NodeStore store, Model model) throws ReplicaException {
    if (model.exists) {
      model.exists = false; // from here on both is right
      model.creating = true;
      store.delete(ID, model.epoch);
      forget(model);
    }
  }

  private static void forget(Model model) {
    model.log.clear();
    model.exists = false;
    model.creating = false;
    model.durable = 0;
    model.committed = 0;
    model.epoch = 0;
    model.attemptedEpoch = 0;
  }

  private static void append(NodeStore store, Model model, Random random) throws Exception {
    if (!model.exists) {
      raise(store, model, model.epoch + 1);
    }
    LogRecord record = record(model, random);
    model.attempted = record;
    try {
      store.append(new AppendRequest(ID, model.epoch, model.committed, record)).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ReplicaException.StoreFailed failed) {
        throw failed;
      }
      throw e;
    }
    model.log.add(record);
    model.attempted = null;
  }

  private static LogRecord record(Model model, Random random) {
    long sequence = model.log.size() + 1L;
    int first = random.nextInt(BLOCKS);
    int count = 1 + random.nextInt(Math.min(8, BLOCKS - first));
    int version = random.nextInt(VERSIONS);
    int kind = random.nextInt(10);
    if (kind == 0) {
      return LogRecord.epochMark(model.epoch, sequence);
    }
    if (kind == 1) {
      return LogRecord.zero(model.epoch, sequence, first, count, version);
    }
    byte[] data = new byte[count * BLOCK];
    random.nextBytes(data);
    return LogRecord.data(model.epoch, sequence, first, count, version, ByteBuffer.wrap(data));
  }

  /** Compares, and lets the model follow what the disk made of the calls that were under way. */
  private static void check(NodeStore store, Model model, Random random) throws Exception {
    if (!model.exists) {
      boolean absent =
          store.fence(ID, Long.MAX_VALUE / 2, false).presence() == ContainerState.Presence.ABSENT;
      assertThat(absent || model.creating).as("a container that nobody made").isTrue();
      if (!absent) {
        store.delete(ID, Long.MAX_VALUE / 2);
      }
      forget(model);
      return;
    }
    if (model.epoch > 1) {
      try {
        store.fence(ID, model.epoch - 1, false);
        throw new AssertionError("epoch " + model.epoch + " is forgotten");
      } catch (ReplicaException.Fenced e) {
        assertThat(e.epoch()).isBetween(model.epoch, Math.max(model.epoch, model.attemptedEpoch));
      }
    }
    model.epoch = Math.max(model.epoch, model.attemptedEpoch);
    ContainerState state = store.fence(ID, model.epoch, false);
    assertThat(state.presence()).isEqualTo(ContainerState.Presence.PRESENT);
    assertThat(state.damagedSequence()).isZero();
    if (model.attempted != null) {
      model.log.add(model.attempted);
      model.attempted = null;
    }
    int last = (int) state.last().sequence();
    assertThat(last).isBetween(model.durable, model.log.size());
    model.log.subList(last, model.log.size()).clear();
    assertThat(state.last()).isEqualTo(model.last());
    assertThat(state.durableSequence()).isBetween((long) model.durable, (long) last);
    model.durable = (int) state.durableSequence();
    model.committed = Math.min(model.committed, last);
    compare(fetchAll(store, model), model);
    readAll(store, model, random);
  }

  /** Every record is as it was written, or a mark in the place of one that was overwritten. */
  private static void compare(List<LogRecord> found, Model model) {
    assertThat(found).hasSameSizeAs(model.log);
    for (int i = 0; i < found.size(); i++) {
      LogRecord written = model.log.get(i);
      if (!found.get(i).equals(written)) {
        LogPosition at = written.position();
        assertThat(found.get(i)).isEqualTo(LogRecord.epochMark(at.epoch(), at.sequence()));
        for (int b = 0; b < written.blockCount(); b++) {
          int block = written.firstBlock() + b;
          LogRecord newest = newest(model, block, new int[] {written.version()});
          boolean overwritten = newest != null && newest.sequence() > at.sequence();
          assertThat(overwritten).as("record %s was dropped, block %s", at, block).isTrue();
        }
      }
    }
  }

  private static List<LogRecord> fetchAll(NodeStore store, Model model) throws ReplicaException {
    List<LogRecord> records = new ArrayList<>();
    LogPosition at = LogPosition.EMPTY;
    boolean end = false;
    while (!end) {
      LogChunk chunk = store.fetch(ID, model.epoch, at, 20_000);
      records.addAll(chunk.records());
      at = records.isEmpty() ? at : records.getLast().position();
      end = chunk.end();
    }
    return records;
  }

  private static void readAll(NodeStore store, Model model, Random random) throws ReplicaException {
    if (!model.exists) {
      return;
    }
    int[] path =
        List.of(new int[] {2, 1, 0}, new int[] {2, 0}, new int[] {1}).get(random.nextInt(3));
    ReadReply reply = store.read(new ReadRequest(ID, model.epoch, 0, BLOCKS, BLOCK, path, 0));
    for (int block = 0; block < BLOCKS; block++) {
      LogRecord newest = newest(model, block, path);
      assertThat(reply.present().get(block)).isEqualTo(newest != null);
      boolean zero = newest != null && newest.kind() == LogRecord.Kind.ZERO;
      assertThat(reply.zero().get(block)).isEqualTo(zero);
      ByteBuffer want =
          newest == null || zero
              ? ByteBuffer.allocate(BLOCK)
              : newest.data().slice((block - newest.firstBlock()) * BLOCK, BLOCK);
      assertThat(reply.data().slice(block * BLOCK, BLOCK)).isEqualTo(want);
    }
  }

  private static @Nullable LogRecord newest(Model model, int block, int[] path) {
    for (int version : path) {
      for (LogRecord r : model.log.reversed()) {
        boolean covers = block >= r.firstBlock() && block < r.firstBlock() + r.blockCount();
        if (r.version() == version && r.kind() != LogRecord.Kind.EPOCH_MARK && covers) {
          return r;
        }
      }
    }
    return null;
  }
}
