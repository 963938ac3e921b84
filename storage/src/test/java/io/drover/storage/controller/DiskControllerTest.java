package io.drover.storage.controller;

import static io.drover.storage.controller.TestCluster.BLOCK;
import static io.drover.storage.controller.TestCluster.await;
import static io.drover.storage.controller.TestCluster.filled;
import static io.drover.storage.controller.TestCluster.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.Extent;
import io.drover.storage.replica.InMemoryReplica;
import io.drover.storage.replica.LogRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DiskControllerTest {
  private static byte[] bytes(int length, int value) {
    byte[] all = new byte[length];
    Arrays.fill(all, (byte) value);
    return all;
  }

  @Test
  void whatWasWrittenIsReadAndTheRestIsZero() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      device.write(BLOCK, filled(2 * BLOCK, 7), false);
      assertThat(read(device, 0, BLOCK)).isEqualTo(bytes(BLOCK, 0));
      assertThat(read(device, BLOCK, 2 * BLOCK)).isEqualTo(bytes(2 * BLOCK, 7));
      for (String node : TestCluster.NODES) {
        assertThat(cluster.replica(node).log(cluster.container(0)))
            .extracting(LogRecord::kind)
            .containsExactly(LogRecord.Kind.EPOCH_MARK, LogRecord.Kind.DATA);
      }
    }
  }

  @Test
  void bytesAcrossBlocksAndContainersKeepTheirNeighbours() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      long at = (1 << 20) - 700;
      device.write(at - 300, filled(2000, 1), false);
      device.write(at, filled(1000, 2), true);
      assertThat(read(device, at - 300, 300)).isEqualTo(bytes(300, 1));
      assertThat(read(device, at, 1000)).isEqualTo(bytes(1000, 2));
      assertThat(read(device, at + 1000, 700)).isEqualTo(bytes(700, 1));
      assertThat(read(device, at + 1700, 100)).isEqualTo(bytes(100, 0));
    }
  }

  @Test
  void zeroedBytesReadAsZeroAndWholeBlocksBecomeHoles() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      device.write(0, filled(4 * BLOCK, 9), false);
      device.trim(100, 3L * BLOCK, true);
      assertThat(read(device, 0, 100)).isEqualTo(bytes(100, 9));
      assertThat(read(device, 100, 3 * BLOCK)).isEqualTo(bytes(3 * BLOCK, 0));
      assertThat(read(device, 3 * BLOCK + 100, 10)).isEqualTo(bytes(10, 9));
      assertThat(device.extents(0, 5L * BLOCK))
          .containsExactly(
              Extent.data(BLOCK), Extent.hole(2 * BLOCK), Extent.data(BLOCK), Extent.hole(BLOCK));
      device.writeZeroes(3L * BLOCK + 200, 50, false, false);
      assertThat(read(device, 3 * BLOCK + 200, 50)).isEqualTo(bytes(50, 0));
      assertThat(read(device, 3 * BLOCK + 250, 10)).isEqualTo(bytes(10, 9));
    }
  }

  @Test
  void rangeBeyondTheEndIsInvalid() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      assertThatThrownBy(() -> device.write(device.sizeBytes() - 1, filled(2, 1), false))
          .isInstanceOfSatisfying(
              BlockIoException.class,
              e -> assertThat(e.reason()).isEqualTo(BlockIoException.Reason.INVALID));
    }
  }

  @Test
  void writeGoesOnWithoutALostReplicaWhichThenComesBackInSync() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      device.write(0, filled(BLOCK, 1), false);
      cluster.replica("n2").disconnect();
      device.write(0, filled(BLOCK, 2), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n3");
      device.flush();
      for (int i = 0; i < 40; i++) {
        device.write((long) i * BLOCK, filled(BLOCK, i), false);
      }
      device.flush();
      cluster.replica("n2").reconnect();
      await("n2 in sync", () -> cluster.members().inSync().contains("n2"));
      device.flush();
      assertThat(cluster.replica("n2").log(cluster.container(0)))
          .isEqualTo(cluster.replica("n1").log(cluster.container(0)));
    }
  }

  @Test
  void silentReplicaIsRemovedBeforeTheWriteCompletes() throws Exception {
    try (TestCluster cluster =
        new TestCluster(TestCluster.withReplicaTimeout(Duration.ofSeconds(1)))) {
      var device = cluster.open("h1").device();
      cluster.replica("n3").hold();
      device.write(0, filled(BLOCK, 2), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n2");
      cluster.replica("n3").release();
      await("n3 in sync", () -> cluster.members().inSync().contains("n3"));
    }
  }

  @Test
  void belowTheMinimumWritesWaitAndNobodyIsRemoved() throws Exception {
    try (TestCluster cluster = new TestCluster();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var host = cluster.open("h1");
      cluster.replica("n2").disconnect();
      host.device().write(0, filled(BLOCK, 1), false);
      cluster.replica("n3").disconnect();
      var write =
          threads.submit(() -> {
            host.device().write(0, filled(BLOCK, 2), false);
            return true;
          });
      await("below minimum", () -> host.controller().health().belowMinimum() == 1);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n3");
      assertThat(write.isDone()).isFalse();
      cluster.replica("n3").reconnect();
      assertThat(write.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(read(host.device(), 0, BLOCK)).isEqualTo(bytes(BLOCK, 2));
      assertThat(host.controller().health().belowMinimum()).isZero();
    }
  }

  @Test
  void waitingWriteFailsAfterTheTimeoutAndItsRetrySucceeds() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.withIoTimeout(Duration.ofMillis(500)))) {
      var device = cluster.open("h1").device();
      TestCluster.NODES.forEach(n -> cluster.replica(n).disconnect());
      assertThatThrownBy(() -> device.write(0, filled(BLOCK, 1), false))
          .isInstanceOfSatisfying(
              BlockIoException.class,
              e -> assertThat(e.reason()).isEqualTo(BlockIoException.Reason.IO));
      TestCluster.NODES.forEach(n -> cluster.replica(n).reconnect());
      await("write succeeds again", () -> succeeds(() -> device.write(0, filled(BLOCK, 3), true)));
      assertThat(read(device, 0, BLOCK)).isEqualTo(bytes(BLOCK, 3));
    }
  }

  private interface Attempt {
    void make() throws BlockIoException;
  }

  private static boolean succeeds(Attempt attempt) {
    try {
      attempt.make();
      return true;
    } catch (BlockIoException e) {
      return false;
    }
  }

  @Test
  void replicaThatLostItsTailGetsItAgain() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      for (int i = 0; i < 20; i++) {
        device.write((long) i * BLOCK, filled(BLOCK, i), false);
      }
      TestCluster.NODES.forEach(n -> cluster.replica(n).losePower(n.charAt(1) - '0'));
      TestCluster.NODES.forEach(n -> cluster.replica(n).reconnect());
      device.flush();
      for (int i = 0; i < 20; i++) {
        assertThat(read(device, (long) i * BLOCK, BLOCK)).isEqualTo(bytes(BLOCK, i));
      }
      assertThat(cluster.replica("n2").log(cluster.container(0)))
          .isEqualTo(cluster.replica("n1").log(cluster.container(0)));
    }
  }

  @Test
  void emptiedReplicaGetsACopy() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      for (int i = 0; i < 20; i++) {
        device.write((long) i * BLOCK, filled(BLOCK, i), false);
      }
      device.flush();
      cluster.replica("n1").disconnect();
      cluster.replica("n1").wipe();
      device.write(0, filled(BLOCK, 99), false);
      cluster.replica("n1").reconnect();
      await("n1 in sync", () -> cluster.members().inSync().contains("n1"));
      assertThat(cluster.replica("n1").log(cluster.container(0)))
          .isEqualTo(cluster.replica("n2").log(cluster.container(0)));
    }
  }

  @Test
  void lastCopyAcknowledgesOnlyWhatIsDurable() throws Exception {
    try (TestCluster cluster =
        new TestCluster(TestCluster.quick(), io.drover.storage.disk.Acknowledge.PAGE_CACHE, 1)) {
      var host = cluster.open("h1");
      cluster.replica("n2").disconnect();
      cluster.replica("n3").disconnect();
      host.device().write(0, filled(BLOCK, 1), false);
      assertThat(cluster.members().inSync()).containsExactly("n1");
      host.device().write(0, filled(BLOCK, 2), false);
      host.controller().close();
      cluster.replica("n1").losePower(0);
      cluster.replica("n1").reconnect();
      var next = cluster.open("h2").device();
      assertThat(read(next, 0, BLOCK)).isEqualTo(bytes(BLOCK, 2));
    }
  }

  @Test
  void newHolderSeesEverythingAndTheOldOneIsFenced() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var old = cluster.open("h1");
      old.device().write(0, filled(BLOCK, 1), false);
      var next = cluster.open("h2");
      assertThat(read(next.device(), 0, BLOCK)).isEqualTo(bytes(BLOCK, 1));
      next.device().write(0, filled(BLOCK, 2), false);
      assertThatThrownBy(() -> old.device().write(0, filled(BLOCK, 3), false))
          .isInstanceOfSatisfying(
              BlockIoException.class,
              e -> assertThat(e.reason()).isEqualTo(BlockIoException.Reason.FENCED));
      assertThat(old.fenced().await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(read(next.device(), 0, BLOCK)).isEqualTo(bytes(BLOCK, 2));
    }
  }

  @Test
  void divergingTailOfAReplicaIsCut() throws Exception {
    try (TestCluster cluster = new TestCluster();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var old = cluster.open("h1");
      old.device().write(0, filled(BLOCK, 1), false);
      // The old holder loses its way to two replicas and to the metadata; what it still sends
      // reaches n3 only and is never acknowledged.
      cluster.metadata.cutOff("h1", true);
      cluster.replica("n1").disconnect();
      cluster.replica("n2").disconnect();
      var lost =
          threads.submit(() -> {
            old.device().write(0, filled(BLOCK, 66), false);
            return true;
          });
      await("record on n3", () -> cluster.replica("n3").log(cluster.container(0)).size() == 3);
      cluster.replica("n3").disconnect();
      // Or it would bring the record to the others, as it may: they are in sync still.
      old.controller().close();
      cluster.replica("n1").reconnect();
      cluster.replica("n2").reconnect();
      var next = cluster.open("h2");
      next.device().write(BLOCK, filled(BLOCK, 5), false);
      cluster.replica("n3").reconnect();
      await("n3 in sync", () -> cluster.members().inSync().contains("n3"));
      assertThat(read(next.device(), 0, BLOCK)).isEqualTo(bytes(BLOCK, 1));
      assertThat(cluster.replica("n3").log(cluster.container(0)))
          .isEqualTo(cluster.replica("n1").log(cluster.container(0)));
      assertThatThrownBy(lost::get).hasCauseInstanceOf(BlockIoException.class);
    }
  }

  @Test
  void holderWithoutConfirmationHoldsItsAnswers() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.withIoTimeout(Duration.ofSeconds(5)))) {
      var host = cluster.open("h1");
      host.device().write(0, filled(BLOCK, 1), false);
      cluster.metadata.cutOff("h1", true);
      await("unconfirmed", () -> !host.controller().health().leaseConfirmed());
      CompletableFuture<byte[]> read = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try {
              read.complete(read(host.device(), 0, BLOCK));
            } catch (BlockIoException e) {
              read.completeExceptionally(e);
            }
          });
      await("read waits", () -> host.controller().health().requests() == 1);
      assertThat(read.isDone()).isFalse();
      cluster.metadata.cutOff("h1", false);
      assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(bytes(BLOCK, 1));
    }
  }

  @Test
  void badBlockIsReadFromAPeerAndRepaired() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      // On a node with a replica, so that the first read goes there.
      var device = cluster.open("n1").device();
      device.write(0, filled(4 * BLOCK, 4), false);
      InMemoryReplica local = cluster.replica("n1");
      local.corrupt(cluster.container(0), 2);
      assertThat(read(device, 0, 4 * BLOCK)).isEqualTo(bytes(4 * BLOCK, 4));
      cluster.replica("n2").disconnect();
      cluster.replica("n3").disconnect();
      assertThat(read(device, 2 * BLOCK, BLOCK)).isEqualTo(bytes(BLOCK, 4));
    }
  }

  @Test
  void lostAnswersOfTheMetadataAreRepeatedUntilKnown() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("h1").device();
      cluster.metadata.loseAnswers("h1", 3);
      cluster.replica("n2").disconnect();
      device.write(0, filled(BLOCK, 8), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n3");
      assertThat(read(device, 0, BLOCK)).isEqualTo(bytes(BLOCK, 8));
    }
  }

  @Test
  void snapshotSeparatesEarlierFromLaterWrites() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var host = cluster.open("h1");
      host.device().write(0, filled(BLOCK, 1), false);
      var disk = host.controller().snapshot("before");
      host.device().write(0, filled(BLOCK, 2), false);
      assertThat(read(host.device(), 0, BLOCK)).isEqualTo(bytes(BLOCK, 2));
      assertThat(disk.versions().find("before").orElseThrow().sealedSequences())
          .isEqualTo(List.of(2L, 0L));
      List<LogRecord> log = cluster.replica("n1").log(cluster.container(0));
      assertThat(log.get(1).version()).isEqualTo(1);
      assertThat(log.get(2).version()).isEqualTo(2);
      assertThat(read(new ObserverDevice(cluster), 0, BLOCK)).isEqualTo(bytes(BLOCK, 2));
    }
  }

  /** The observer behind the reading half of a device. */
  private static final class ObserverDevice implements io.drover.storage.block.BlockDevice {
    private final DiskObserver observer;

    ObserverDevice(TestCluster cluster) {
      observer = new DiskObserver(cluster.context("h9"), cluster.disk);
    }

    @Override
    public long sizeBytes() {
      return observer.disk().sizeBytes();
    }

    @Override
    public int blockSizeBytes() {
      return BLOCK;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws BlockIoException {
      observer.read(offsetBytes, into);
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from, boolean fua) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void flush() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void trim(long offsetBytes, long lengthBytes, boolean fua) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void writeZeroes(long offset, long length, boolean keepAllocated, boolean fua) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Extent> extents(long offsetBytes, long lengthBytes) throws BlockIoException {
      return observer.extents(offsetBytes, lengthBytes);
    }
  }
}
