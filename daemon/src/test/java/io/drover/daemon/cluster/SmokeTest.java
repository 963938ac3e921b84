package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.node.Role;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The thin path through everything, by hand: four nodes, a disk, a guest, a move, a lost node. */
@Tag("real")
class SmokeTest {

  @Test
  void guestRunsMovesAndStopsWhileANodeComesAndGoes() throws Exception {
    try (ClusterHarness cluster = ClusterHarness.start("smoke", 4, "")) {
      cluster.awaitMembers(4);
      TestNode host1 = cluster.node("host1");
      TestNode host3 = cluster.node("host3");
      TestNode host4 = cluster.node("host4");
      assertThat(host4.has(Role.STORAGE)).isFalse();
      cluster.await(
          "all hosts have reported",
          () -> cluster.api().get("/v1/hosts").path("hosts").size() == 4);

      Guest guest = Guest.start(cluster, "web1", host1);
      guest.awaitRunningOn(host1);
      JsonNode disk = cluster.api().get("/v1/disks/web1-disk");
      assertThat(disk.path("holder").asText()).isEqualTo("host1");
      assertThat(disk.path("nodes").size()).isEqualTo(3);
      assertThat(disk.path("degradedContainers").asInt()).isZero();

      guest.done(guest.migrate(host4));
      guest.awaitRunningOn(host4);
      guest.assertOneCopy();
      guest.awaitProgress();
      assertThat(cluster.api().get("/v1/disks/web1-disk").path("holder").asText())
          .isEqualTo("host4");
      JsonNode moves = cluster.api().get("/v1/moves").path("moves");
      assertThat(moves.size()).isEqualTo(1);
      assertThat(moves.path(0).path("outcome").asText()).isEqualTo("moved");

      host3.kill();
      guest.awaitProgress();
      cluster.awaitMembers(3);
      host3.start();
      host3.awaitReady(ClusterHarness.LONG);
      cluster.awaitMembers(4);
      cluster.await(
          "all replicas in sync",
          () -> cluster.api().get("/v1/disks/web1-disk").path("degradedContainers").asInt(-1) == 0);
      guest.awaitProgress();

      for (TestNode node : cluster.nodes()) {
        assertThat(cluster.api(node).metrics())
            .contains("drover_node_info{node=\"" + node.id() + "\"")
            .contains("drover_node_cluster_members 4.0");
      }
      sleepAndWake(cluster, guest, host4);

      guest.done(cluster.api().post("/v1/vms/web1/stop", Map.of("force", true)));
      assertThat(cluster.qemus()).isEmpty();
      cluster.await(
          "the disk is free",
          () -> cluster.api().get("/v1/disks/web1-disk").path("holder").asText().isEmpty());
    }
  }

  private static void sleepAndWake(ClusterHarness cluster, Guest guest, TestNode host)
      throws Exception {
    String path = "/v1/hosts/" + host.id();
    guest.done(cluster.api().post(path + "/standby", Map.of()));
    cluster.await("the node's process is gone", () -> !host.running());
    assertThat(guest.view().path("host").asText()).isNotEqualTo(host.id());
    guest.awaitProgress();
    assertThat(power(cluster, host)).isEqualTo("STANDBY");

    guest.done(cluster.api().post(path + "/wake", Map.of()));
    cluster.awaitMembers(4);
    assertThat(power(cluster, host)).isEqualTo("ON");
    guest.done(guest.migrate(host));
    guest.awaitProgress();
  }

  private static String power(ClusterHarness cluster, TestNode host) throws Exception {
    for (JsonNode known : cluster.api().get("/v1/hosts").path("hosts")) {
      if (known.path("name").asText().equals(host.id())) {
        return known.path("power").asText();
      }
    }
    return "unknown";
  }
}
