package io.drover.storage.controller;

import static io.drover.storage.controller.TestCluster.BLOCK;
import static io.drover.storage.controller.TestCluster.await;
import static io.drover.storage.controller.TestCluster.filled;
import static io.drover.storage.controller.TestCluster.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.ReplicaService;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a replica that comes back may do, and what others wait for. */
@Timeout(60)
final class ReturningReplicaTest {
  /** The nodes' replicas, of which one carries out appends late. */
  private static SlowAppends slowDown(TestCluster cluster, String slow) {
    SlowAppends appends = new SlowAppends(cluster.replica(slow));
    cluster.reached = node -> node.equals(slow) ? appends : cluster.replica(node);
    return appends;
  }

  @Test
  void memberInSyncServesNoReadBeforeItHasItsLostTailAgain() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      SlowAppends appends = slowDown(cluster, "n1");
      // The local replica is read first.
      var device = cluster.open("n1").device();
      cluster.replica("n3").disconnect();
      device.write(0, filled(BLOCK, 1), true);
      device.write(0, filled(BLOCK, 2), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n2");
      cluster.replica("n1").losePower(0);
      appends.slow();
      assertThat(read(device, 0, BLOCK)[0]).isEqualTo((byte) 2);
      cluster.replica("n1").reconnect();
      await("n1 is fed", () -> appends.waiting() > 0);

      assertThat(cluster.members().inSync()).containsExactly("n1", "n2");
      assertThat(read(device, 0, BLOCK)[0]).isEqualTo((byte) 2);

      appends.carryOut();
      await("n1 serves", () -> cluster.replica("n1").log(cluster.container(0)).size() == 3);
      device.flush();
      cluster.replica("n2").disconnect();
      assertThat(read(device, 0, BLOCK)[0]).isEqualTo((byte) 2);
    }
  }

  @Test
  void replicaThatAnswersButDoesNotAppendHoldsUpNoWrite() throws Exception {
    try (TestCluster cluster = new TestCluster();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      SlowAppends appends = slowDown(cluster, "n3");
      var device = cluster.open("h1").device();
      cluster.replica("n3").disconnect();
      device.write(0, filled(BLOCK, 1), false);
      assertThat(cluster.members().inSync()).containsExactly("n1", "n2");
      appends.slow();
      cluster.replica("n3").reconnect();
      await("n3 is fed", () -> appends.waiting() > 0);

      // Well within the time after which n3 is given up.
      threads
          .submit(() -> {
            device.write(0, filled(BLOCK, 2), false);
            return true;
          })
          .get(5, TimeUnit.SECONDS);

      appends.carryOut();
      await("n3 in sync", () -> cluster.members().inSync().contains("n3"));
    }
  }

  @Test
  void memberThatWasBackBeforeItsRemovalWasWrittenStays() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      cluster.open("h1").controller().close();
      var context = cluster.context("h1");
      HeldLease lease = new Leases(context).take(cluster.disk.id(), true);
      ReplicaService n1 = cluster.replica("n1");
      Versioned<ContainerMembers> members = context.metadata().container(cluster.container(0));
      ContainerState empty =
          new ContainerState(
              ContainerState.Presence.PRESENT, LogPosition.EMPTY, 0, "boot", List.of(), 0);
      List<LogBase.Start> all =
          TestCluster.NODES.stream().map(n -> new LogBase.Start(n, n1, "boot", 0)).toList();
      ReplicatedLog log =
          new ReplicatedLog(
              cluster.container(0),
              lease.epoch(),
              new DiskPolicy(3, 2, BLOCK, 1 << 20, Acknowledge.PAGE_CACHE),
              context.settings(),
              new LogBase(members, empty, all),
              () -> {});
      MemberKeeper keeper =
          new MemberKeeper(
              log, context.metadata(), cluster.replicas, lease.version(), context.metrics());
      Member back = log.member("n2");
      back.leaving = true;

      keeper.join(back, back.session);
      keeper.remove(List.of("n2"));

      assertThat(cluster.members().inSync()).contains("n2");
      assertThat(back.readable()).isTrue();
    }
  }
}
