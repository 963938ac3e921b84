package io.drover.storage.controller;

import static io.drover.storage.controller.TestCluster.BLOCK;
import static io.drover.storage.controller.TestCluster.await;
import static io.drover.storage.controller.TestCluster.filled;
import static io.drover.storage.controller.TestCluster.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.version.CloneOrigin;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault in the program, or changes that meet, cost an attempt and not the disk. */
@Timeout(60)
final class ControllerFaultTest {
  @Test
  void keeperAndLeaseOutliveAFaultInTheMetadataClient() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var host = cluster.open("h1");
      // Whoever asks next: the keeper to remove n2, or the guard to confirm the lease.
      cluster.metadata.breakCalls("h1", 3);
      cluster.replica("n2").disconnect();
      host.device().write(0, filled(BLOCK, 1), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n3");
      await("lease is confirmed", () -> host.controller().health().leaseConfirmed());
      assertThat(read(host.device(), 0, BLOCK)[0]).isEqualTo((byte) 1);
    }
  }

  @Test
  void containerOpensThoughAnAttemptMetAFault() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var host = cluster.open("h1");
      cluster.metadata.breakCalls("h1", 4);
      host.device().write(0, filled(BLOCK, 1), false);
      assertThat(read(host.device(), 0, BLOCK)[0]).isEqualTo((byte) 1);
    }
  }

  @Test
  void containerThatHasStoppedIsNotHealthy() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var host = cluster.open("h1");
      TestCluster.NODES.forEach(node -> cluster.replica(node).disconnect());
      var write =
          new FutureTask<>(() -> {
            host.device().write(0, filled(BLOCK, 1), false);
            return true;
          });
      Thread.ofVirtual().start(write);
      await("it waits to open", () -> host.controller().health().belowMinimum() == 1);
      host.controller().close();
      assertThatThrownBy(write::get).hasCauseInstanceOf(BlockIoException.class);
      assertThat(host.controller().health().belowMinimum()).isEqualTo(1);
    }
  }

  @Test
  void snapshotThatMeetsAResizeSealsAllContainers() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var host = cluster.open("h1");
      host.device().write(0, filled(BLOCK, 1), false);
      CountDownLatch placing = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      var resize =
          new FutureTask<>(() ->
              host.controller()
                  .resize(
                      3L << 20,
                      (disk, added) -> {
                        placing.countDown();
                        awaitUninterrupted(go);
                        return Collections.nCopies(
                            added, ContainerMembers.fresh(TestCluster.NODES));
                      }));
      Thread.ofVirtual().start(resize);
      assertThat(placing.await(30, TimeUnit.SECONDS)).isTrue();
      var snapshot = new FutureTask<>(() -> host.controller().snapshot("s"));
      Thread taking = Thread.ofPlatform().start(snapshot);
      await("snapshot waits", () -> taking.getState() == Thread.State.WAITING);

      go.countDown();

      assertThat(resize.get().containers()).isEqualTo(3);
      assertThat(snapshot.get().versions().find("s").orElseThrow().sealedSequences()).hasSize(3);
    }
  }

  @Test
  void replicaThatRefusesIsLeftAloneForLongerEachTime() {
    Duration pause = Duration.ofMillis(250);
    assertThat(ReplicaSync.pauseNanos(pause, 0)).isEqualTo(pause.toNanos());
    assertThat(ReplicaSync.pauseNanos(pause, 1)).isEqualTo(pause.multipliedBy(2).toNanos());
    assertThat(ReplicaSync.pauseNanos(pause, 6)).isEqualTo(Duration.ofSeconds(16).toNanos());
    assertThat(ReplicaSync.pauseNanos(pause, 1000)).isEqualTo(Duration.ofSeconds(16).toNanos());
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void observerWithoutMetadataRestsBetweenItsAttempts() throws Exception {
    Duration ioTimeout = Duration.ofMillis(300);
    try (TestCluster cluster = new TestCluster(TestCluster.withIoTimeout(ioTimeout))) {
      DiskObserver observer = new DiskObserver(cluster.context("h9"), cluster.disk);
      cluster.metadata.cutOff("h9", true);
      assertThatThrownBy(() -> observer.read(0, ByteBuffer.allocate(BLOCK)))
          .isInstanceOf(BlockIoException.class);
      long attempts = ioTimeout.dividedBy(TestCluster.quick().retryPause());
      assertThat(cluster.metadata.refused("h9")).isBetween(2, Math.toIntExact(attempts) + 1);
    }
  }

  @Test
  void cloneWithoutMetadataOfItsOriginRestsBetweenItsAttempts() throws Exception {
    Duration ioTimeout = Duration.ofMillis(300);
    try (TestCluster cluster = new TestCluster(TestCluster.withIoTimeout(ioTimeout))) {
      var context = cluster.context("h9");
      var origin = new CloneOrigin(cluster.disk.id(), 1, List.of(1L, 0L));
      OriginReader reader = new OriginReader(context, new PeerReader(context), Optional.of(origin));
      cluster.metadata.cutOff("h9", true);
      BlockSpan span = BlockSpan.of(0, BLOCK, BLOCK);
      assertThatThrownBy(
              () -> reader.fill(0, span, PeerReader.nothing(span), Deadline.in(ioTimeout)))
          .isInstanceOf(BlockIoException.class);
      long attempts = ioTimeout.dividedBy(TestCluster.quick().retryPause());
      assertThat(cluster.metadata.refused("h9")).isBetween(2, Math.toIntExact(attempts) + 1);
    }
  }
}
