package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.hostagent.process.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes are killed, restarted, frozen, and all of them taken away for a while. The guest, which
 * writes and verifies without end, sees nothing of it but time.
 */
@Tag("real")
class NodeFaultTest {
  private static final Duration HOST_LOST = Duration.ofSeconds(45);

  /** For so long nobody has a copy of the disk. */
  private static final Duration OUTAGE = Duration.ofMinutes(1);

  private static ClusterHarness cluster;
  private static Guest guest;
  private static TestNode host4;

  @BeforeAll
  static void open() throws Exception {
    cluster =
        ClusterHarness.start(
            "node-faults",
            4,
            """
            drover.scheduler.execution.host-lost-after = %ds
            drover.storage.controller.io-timeout = 8s
            drover.agent.hypervisor.disk-reconnect-delay = 20s
            """
                .formatted(HOST_LOST.toSeconds()));
    cluster.awaitMembers(4);
    host4 = cluster.node("host4");
    guest = Guest.start(cluster, "survivor", host4);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @AfterEach
  void mend() throws Exception {
    cluster.mend();
    guest.awaitProgress();
    guest.assertOneCopy();
  }

  @Test
  void guestGoesOnWhileAStorageNodeIsKilledAndCatchesUp() throws Exception {
    TestNode storage =
        cluster.nodes().stream()
            .filter(node -> !node.equals(host4) && !node.equals(cluster.scheduler()))
            .findFirst()
            .orElseThrow();
    List<ProcessIdentity> before = cluster.qemus(guest.id());

    storage.kill();
    guest.awaitProgress();
    cluster.await(
        "the disk is known to be degraded",
        () -> cluster.api().get("/v1/disks/survivor-disk").path("degradedContainers").asInt() > 0);
    storage.start();
    storage.awaitReady(ClusterHarness.LONG);
    cluster.await(
        "the replica has caught up",
        () -> cluster.api().get("/v1/disks/survivor-disk").path("degradedContainers").asInt() == 0);

    guest.awaitProgress();
    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
  }

  @Test
  void daemonThatIsKilledOrRestartedAdoptsItsVms() throws Exception {
    TestNode host = guest.host();
    List<ProcessIdentity> before = cluster.qemus(guest.id());

    host.kill();
    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
    host.start();
    host.awaitReady(ClusterHarness.LONG);
    guest.awaitProgress();

    host.stop();
    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
    host.start();
    host.awaitReady(ClusterHarness.LONG);
    guest.awaitProgress();

    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
  }

  @Test
  void nodeThatIsTakenForGoneIsAMemberAgainAndItsVmWentOn() throws Exception {
    TestNode host = guest.host();
    List<ProcessIdentity> before = cluster.qemus(guest.id());

    host.freeze();
    try {
      cluster.await(
          "the others have taken the frozen node out",
          () -> cluster.api(other(host)).get("/v1/health").path("members").size() == 3);
    } finally {
      host.thaw();
    }

    guest.awaitProgress();
    cluster.awaitMembers(4);
    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
  }

  @Test
  void frozenHostLosesItsVmAndCannotWriteAfterwards() throws Exception {
    TestNode host = guest.host();

    host.freeze();
    try {
      cluster.await(
          "the VM runs elsewhere",
          () -> {
            JsonNode now = view(host);
            return !now.path("host").asText().equals(host.id())
                && now.path("state").asText().equals("RUNNING");
          });
    } finally {
      host.thaw();
    }

    guest.assertOneCopy();
    assertThat(cluster.qemus(guest.id(), host)).isEmpty();
    guest.awaitProgress();
  }

  @Test
  void nodeThatIsCutOffServesItsVmUntilAnotherHostHasTheDisk() throws Exception {
    if (!guest.host().equals(host4)) {
      guest.done(guest.migrate(host4));
    }

    NetworkCut cut = NetworkCut.of(host4);
    try {
      cluster.await(
          "the others have taken the node out",
          () -> cluster.api(other(host4)).get("/v1/health").path("members").size() == 3);
      long whenTakenOut = guest.roundInLogOf(host4);
      cluster.await("its guest writes on", () -> guest.roundInLogOf(host4) > whenTakenOut);

      cluster.await(
          "the VM runs elsewhere",
          () -> {
            JsonNode now = view(host4);
            return !now.path("host").asText().equals(host4.id())
                && now.path("state").asText().equals("RUNNING");
          });
      // Its daemon acts on the new placement though it is in no cluster and no scheduler reaches
      // it.
      cluster.await(
          "the copy on the node that is cut off is ended",
          () -> cluster.qemus(guest.id(), host4).isEmpty());
      guest.awaitProgress();
    } finally {
      cut.heal();
    }

    cluster.awaitMembers(4);
    assertThat(cluster.qemus(guest.id(), host4)).isEmpty();
  }

  @Test
  void vmPausesWhileAllReplicasAreGoneAndGoesOnByItself() throws Exception {
    if (!guest.host().equals(host4)) {
      guest.done(guest.migrate(host4));
    }
    List<ProcessIdentity> before = cluster.qemus(guest.id());
    List<TestNode> storage = cluster.nodes().stream().filter(node -> !node.equals(host4)).toList();

    Instant back = Instant.now().plus(OUTAGE);
    storage.forEach(TestNode::kill);
    cluster.await(
        "the VM waits for its disk",
        () -> cluster.api(host4).metrics().contains("drover_agent_vms{state=\"io_error\",} 1.0"));
    cluster.await("the outage has lasted its time", () -> !Instant.now().isBefore(back));
    for (TestNode node : storage) {
      node.start();
    }
    storage.forEach(node -> node.awaitReady(ClusterHarness.LONG));

    guest.awaitProgress();
    assertThat(cluster.qemus(guest.id())).isEqualTo(before);
  }

  private static JsonNode view(TestNode dead) throws Exception {
    for (JsonNode vm : cluster.api(other(dead)).get("/v1/vms").path("vms")) {
      if (vm.path("name").asText().equals(guest.name())) {
        return vm;
      }
    }
    throw new java.io.IOException("the scheduler does not know VM " + guest.name());
  }

  private static TestNode other(TestNode than) {
    return cluster.nodes().stream().filter(node -> !node.equals(than)).findFirst().orElseThrow();
  }
}
