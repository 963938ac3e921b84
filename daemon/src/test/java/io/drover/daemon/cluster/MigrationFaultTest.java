package io.drover.daemon.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of a migration are killed while it is at a certain step. Whatever the step: afterwards
 * exactly one copy of the VM goes on, and it has every block that it was promised.
 *
 * <p>One guest lives through all of it on one cluster.
 */
@Tag("real")
class MigrationFaultTest {
  private static final Logger log = LoggerFactory.getLogger(MigrationFaultTest.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Steps that come one after the other; a kill is aimed at the first, and never comes before. */
  private static ClusterHarness cluster;

  private static CuratorFramework records;
  private static Guest guest;

  enum Victim {
    SOURCE_QEMU,
    DESTINATION_QEMU,
    SOURCE_NODE,
    DESTINATION_NODE,
    SCHEDULER_NODE
  }

  @BeforeAll
  static void open() throws Exception {
    cluster =
        ClusterHarness.start(
            "migration-faults", 4, "drover.scheduler.execution.host-lost-after = 60s");
    cluster.awaitMembers(4);
    records = cluster.records();
    guest = Guest.start(cluster, "survivor", cluster.node("host4"));
  }

  @AfterAll
  static void close() {
    records.close();
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({
    "DESTINATION_QEMU, COPY",
    "DESTINATION_QEMU, RELEASE",
    "DESTINATION_QEMU, SWITCH",
    "DESTINATION_QEMU, RESUME",
    "SOURCE_QEMU, COPY",
    "SOURCE_QEMU, SWITCH",
    "SOURCE_QEMU, RESUME",
    "SOURCE_NODE, COPY",
    "SOURCE_NODE, TAKE",
    "DESTINATION_NODE, COPY",
    "DESTINATION_NODE, TAKE",
    "SCHEDULER_NODE, COPY",
    "SCHEDULER_NODE, TAKE",
    "SCHEDULER_NODE, RESUME"
  })
  void exactlyOneCopyGoesOn(Victim victim, String stage) throws Exception {
    TestNode scheduler = cluster.scheduler();
    TestNode source = cluster.node(guest.view().path("host").asText());
    TestNode destination = elsewhere(source, scheduler);

    JsonNode accepted = guest.migrate(destination);
    boolean reached = awaitStage(accepted.path("operationId").asText(), stage);
    switch (victim) {
      case SOURCE_QEMU -> kill(source);
      case DESTINATION_QEMU -> kill(destination);
      case SOURCE_NODE -> source.kill();
      case DESTINATION_NODE -> destination.kill();
      case SCHEDULER_NODE -> scheduler.kill();
    }
    log.info("killed {} at {} (still there: {})", victim, stage, reached);

    cluster.mend();
    cluster.await(
        "the intent is settled",
        () -> records.getChildren().forPath("/intents").isEmpty());
    cluster.await(
        "the VM runs", () -> guest.view().path("state").asText().equals("RUNNING"));
    guest.assertOneCopy();
    guest.awaitProgress();
    guest.assertOneCopy();
  }

  private static TestNode elsewhere(TestNode source, TestNode scheduler) {
    return cluster.nodes().stream()
        .filter(node -> !node.equals(source) && !node.equals(scheduler))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static void kill(TestNode host) throws IOException {
    for (ProcessIdentity qemu : cluster.qemus(guest.id(), host)) {
      qemu.kill();
    }
  }

  /** False when the intent went past the step between two looks, or ended. */
  private static boolean awaitStage(String intent, String stage) throws Exception {
    Set<String> later = later(stage);
    while (true) {
      try {
        String now =
            JSON.readTree(records.getData().forPath("/intents/" + intent)).path("stage").asText();
        if (now.equals(stage)) {
          return true;
        }
        if (later.contains(now)) {
          return false;
        }
      } catch (KeeperException.NoNodeException ended) {
        return false;
      }
    }
  }

  private static Set<String> later(String stage) {
    java.util.List<String> order =
        java.util.List.of(
            "PREPARE", "COPY", "RELEASE", "TAKE", "SWITCH", "COMMIT", "RESUME", "END_SOURCE",
            "DECIDE", "UNDO_DESTINATION", "UNDO_SOURCE", "MOVED", "UNDONE", "DEAD");
    return Set.copyOf(order.subList(order.indexOf(stage) + 1, order.size()));
  }
}
