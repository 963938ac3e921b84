package io.drover.storage.controller;

import static io.drover.storage.controller.TestCluster.BLOCK;
import static io.drover.storage.controller.TestCluster.await;
import static io.drover.storage.controller.TestCluster.filled;
import static io.drover.storage.controller.TestCluster.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.block.BlockIoException;
import io.drover.storage.disk.Acknowledge;
import io.drover.storage.replica.InMemoryReplica;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An emptied pool is unknown, also once its container exists again: a next holder must not take the
 * few records that it has by then for the whole log.
 *
 * <p>The refilling is caught in the middle by a pool without room.
 */
@Timeout(60)
final class EmptiedReplicaTest {
  private static final int BLOCKS = 8;

  private static void write(BlockDevice device) throws BlockIoException {
    for (int i = 0; i < BLOCKS; i++) {
      device.write((long) i * BLOCK, filled(BLOCK, i + 1), false);
    }
    device.flush();
  }

  private static void assertContent(BlockDevice device) throws BlockIoException {
    for (int i = 0; i < BLOCKS; i++) {
      assertThat(read(device, (long) i * BLOCK, BLOCK)[0]).isEqualTo((byte) (i + 1));
    }
  }

  private static void writeBehind(BlockDevice device) {
    try {
      device.write((long) BLOCKS * BLOCK, filled(BLOCK, 99), false);
    } catch (BlockIoException e) {
      throw new CompletionException(e);
    }
  }

  private static void replaceBySomethingFull(InMemoryReplica replica) {
    replica.disconnect();
    replica.wipe();
    replica.fillUp(true);
    replica.reconnect();
  }

  private static void awaitFences(InMemoryReplica replica, int more) throws InterruptedException {
    int before = replica.fences();
    await("it is fenced again", () -> replica.fences() >= before + more);
  }

  @Test
  void nextHolderWaitsForTheWholeCopyThoughTheLastOneCouldNotReachTheMetadata() throws Exception {
    try (TestCluster cluster = new TestCluster(TestCluster.quick(), Acknowledge.PAGE_CACHE, 1)) {
      var old = cluster.open("n1");
      cluster.replica("n3").disconnect();
      write(old.device());
      assertThat(cluster.members().inSync()).containsExactly("n1", "n2");
      cluster.metadata.cutOff("n1", true);
      replaceBySomethingFull(cluster.replica("n1"));
      int refused = cluster.metadata.refused("n1");
      assertThat(read(old.device(), 0, BLOCK)[0]).isEqualTo((byte) 1);
      await("the change is tried", () -> cluster.metadata.refused("n1") >= refused + 10);
      old.controller().close();

      cluster.replica("n2").disconnect();
      var next = cluster.start("h2");
      awaitFences(cluster.replica("n1"), 2);
      cluster.replica("n2").reconnect();
      cluster.replica("n1").fillUp(false);
      next.controller().awaitOpen();

      assertContent(next.device());
    }
  }

  @Test
  void nextHolderWaitsForTheOneThatWasNotEmptied() throws Exception {
    try (TestCluster cluster = new TestCluster();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var old = cluster.open("h1");
      write(old.device());
      // Both at once, so that none can be removed without going below the minimum.
      cluster.replica("n1").disconnect();
      cluster.replica("n2").disconnect();
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(() -> writeBehind(old.device()), threads);
      await("both are missed", () -> old.controller().health().belowMinimum() == 1);
      replaceBySomethingFull(cluster.replica("n1"));
      replaceBySomethingFull(cluster.replica("n2"));
      awaitFences(cluster.replica("n1"), 3);
      awaitFences(cluster.replica("n2"), 3);
      old.controller().close();
      assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(BlockIoException.class);

      cluster.replica("n3").disconnect();
      var next = cluster.start("h2");
      awaitFences(cluster.replica("n1"), 2);
      cluster.replica("n3").reconnect();
      cluster.replica("n1").fillUp(false);
      cluster.replica("n2").fillUp(false);
      next.controller().awaitOpen();

      assertContent(next.device());
      await("all in sync", () -> cluster.members().inSync().size() == 3);
    }
  }
}
