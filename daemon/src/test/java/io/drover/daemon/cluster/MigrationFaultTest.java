package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.daemon.demo.guest.Verdict;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.util.List;
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

  /** In the order in which a migration comes to them, what is undone at the end. */
  private static final List<String> STAGES =
      List.of(
          "PREPARE",
          "COPY",
          "RELEASE",
          "TAKE",
          "SWITCH",
          "COMMIT",
          "RESUME",
          "END_SOURCE",
          "DECIDE",
          "UNDO_DESTINATION",
          "UNDO_SOURCE",
          "MOVED",
          "UNDONE",
          "DEAD");

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

  /** Where the VM has to be afterwards. */
  enum Place {
    AT_SOURCE,
    AT_DESTINATION,
    ANYWHERE
  }

  /** What has to have become of the guest's memory. */
  enum Memory {
    KEPT,
    /** The one copy that had it was killed, or it depends on what was quicker. */
    MAY_BE_LOST
  }

  @ParameterizedTest
  @CsvSource({
    "DESTINATION_QEMU, COPY,    AT_SOURCE,      KEPT",
    "DESTINATION_QEMU, RELEASE, AT_SOURCE,      KEPT",
    "DESTINATION_QEMU, SWITCH,  ANYWHERE,       MAY_BE_LOST",
    "DESTINATION_QEMU, RESUME,  ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      COPY,    ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      SWITCH,  ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      RESUME,  AT_DESTINATION, KEPT",
    "SOURCE_NODE,      COPY,    ANYWHERE,       KEPT",
    "SOURCE_NODE,      TAKE,    ANYWHERE,       KEPT",
    "DESTINATION_NODE, COPY,    AT_SOURCE,      KEPT",
    "DESTINATION_NODE, TAKE,    ANYWHERE,       KEPT",
    "SCHEDULER_NODE,   COPY,    ANYWHERE,       KEPT",
    "SCHEDULER_NODE,   TAKE,    ANYWHERE,       KEPT",
    "SCHEDULER_NODE,   RESUME,  AT_DESTINATION, KEPT"
  })
  void exactlyOneCopyGoesOn(Victim victim, String stage, Place place, Memory memory)
      throws Exception {
    TestNode scheduler = cluster.scheduler();
    TestNode source = cluster.node(guest.view().path("host").asText());
    TestNode destination = elsewhere(source, scheduler);
    Verdict before = guest.awaitProgress();

    JsonNode accepted = guest.migrate(destination);
    boolean exact = awaitStage(accepted.path("operationId").asText(), stage);
    switch (victim) {
      case SOURCE_QEMU -> kill(source);
      case DESTINATION_QEMU -> kill(destination);
      case SOURCE_NODE -> source.kill();
      case DESTINATION_NODE -> destination.kill();
      case SCHEDULER_NODE -> scheduler.kill();
    }
    log.info("killed {} at {} (still there: {})", victim, stage, exact);

    cluster.mend();
    cluster.await(
        "the intent is settled", () -> records.getChildren().forPath("/intents").isEmpty());
    cluster.await("the VM runs", () -> guest.view().path("state").asText().equals("RUNNING"));
    guest.assertOneCopy();
    Verdict after = guest.awaitProgress();
    guest.assertOneCopy();
    if (exact) {
      String host = guest.view().path("host").asText();
      switch (place) {
        case AT_SOURCE -> assertThat(host).isEqualTo(source.id());
        case AT_DESTINATION -> assertThat(host).isEqualTo(destination.id());
        case ANYWHERE -> assertThat(host).isIn("host1", "host2", "host3", "host4");
      }
      if (memory == Memory.KEPT) {
        // The guest counts in its memory; started anew it would begin at nothing.
        assertThat(after.blocksVerified()).isGreaterThan(before.blocksVerified());
      }
    }
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
    List<String> later = STAGES.subList(STAGES.indexOf(stage) + 1, STAGES.size());
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
}
