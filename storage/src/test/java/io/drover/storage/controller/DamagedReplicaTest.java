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
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log with a damaged record is cut only when a peer gives all of it back. */
@Timeout(60)
final class DamagedReplicaTest {
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

  /** Until the replica was looked at, and once more. */
  private static void awaitAttempts(InMemoryReplica replica) throws InterruptedException {
    int before = replica.fences();
    await("attempts to bring it back", () -> replica.fences() >= before + 2);
  }

  @Test
  void onlyCopyIsNeverCut() throws Exception {
    try (TestCluster cluster =
        new TestCluster(
            TestCluster.withIoTimeout(Duration.ofMillis(500)), Acknowledge.PAGE_CACHE, 1)) {
      var device = cluster.open("n1").device();
      cluster.replica("n2").disconnect();
      cluster.replica("n3").disconnect();
      write(device);
      InMemoryReplica only = cluster.replica("n1");
      var before = only.log(cluster.container(0));
      only.damage(cluster.container(0), 3);

      assertThatThrownBy(() -> read(device, 0, BLOCK)).isInstanceOf(BlockIoException.class);
      awaitAttempts(only);

      assertThat(only.log(cluster.container(0))).isEqualTo(before);
    }
  }

  @Test
  void damagedCopyIsBroughtUpFromItsPeers() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("n1").device();
      write(device);
      cluster.replica("n1").damage(cluster.container(0), 3);

      assertContent(device);
      await("n1 is cut", () -> !cluster.replica("n1").isDamaged(cluster.container(0)));
      await("n1 in sync", () -> cluster.members().inSync().contains("n1"));

      assertThat(cluster.replica("n1").log(cluster.container(0)))
          .isEqualTo(cluster.replica("n2").log(cluster.container(0)));
      cluster.replica("n2").disconnect();
      cluster.replica("n3").disconnect();
      assertContent(device);
    }
  }

  @Test
  void copyIsKeptWhileItsPeersCannotGiveAllThatFollowsTheDamage() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var device = cluster.open("n1").device();
      write(device);
      InMemoryReplica damaged = cluster.replica("n1");
      var before = damaged.log(cluster.container(0));
      damaged.damage(cluster.container(0), 3);
      // In the last block, so that what is near the damage can be had from the peers.
      cluster.replica("n2").corrupt(cluster.container(0), BLOCKS - 1);
      cluster.replica("n3").corrupt(cluster.container(0), BLOCKS - 1);

      assertThat(read(device, 0, BLOCK)[0]).isEqualTo((byte) 1);
      awaitAttempts(damaged);

      assertThat(damaged.log(cluster.container(0))).isEqualTo(before);
    }
  }

  @Test
  void nextHolderDoesNotCutWhatItsSourceCannotGive() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      var old = cluster.open("h1");
      write(old.device());
      old.controller().close();
      InMemoryReplica damaged = cluster.replica("n1");
      var before = damaged.log(cluster.container(0));
      damaged.damage(cluster.container(0), 3);
      cluster.replica("n2").corrupt(cluster.container(0), BLOCKS - 1);
      cluster.replica("n3").corrupt(cluster.container(0), BLOCKS - 1);

      var next = cluster.start("h2");
      awaitAttempts(damaged);

      assertThat(next.controller().health().belowMinimum()).isEqualTo(1);
      assertThat(damaged.log(cluster.container(0))).isEqualTo(before);
    }
  }
}
