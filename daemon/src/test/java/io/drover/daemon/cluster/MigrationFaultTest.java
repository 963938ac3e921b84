package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.demo.guest.Verdict;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of a migration are killed while it is at a certain step. Whatever the step: afterwards
 * exactly one copy of the VM goes on, and it has every block that it was promised.
 *
 * <p>One guest lives through all of it on one cluster. A migration that is past the step before
 * anything can be done is let alone, and the next one is tried.
 */
@Tag("real")
class MigrationFaultTest {
  private static final Logger log = LoggerFactory.getLogger(MigrationFaultTest.class);
  private static final int TRIES = 20;

  private static ClusterHarness cluster;
  private static Guest guest;

  /** A NODE is a daemon, whose VMs go on without it; a HOST is a machine with all that is on it. */
  enum Victim {
    SOURCE_QEMU,
    DESTINATION_QEMU,
    SOURCE_NODE,
    DESTINATION_NODE,
    SOURCE_HOST,
    DESTINATION_HOST,
    SCHEDULER_NODE
  }

  /** Where the VM has to be afterwards. */
  enum Place {
    AT_SOURCE,
    AT_DESTINATION,
    NOT_AT_SOURCE,
    ANYWHERE
  }

  /** What has to have become of the guest's memory. */
  enum Memory {
    KEPT,
    /** The one copy that had it was killed, or it depends on what was quicker. */
    MAY_BE_LOST
  }

  @BeforeAll
  static void open() throws Exception {
    cluster =
        ClusterHarness.start(
            "migration-faults", 4, "drover.scheduler.execution.host-lost-after = 45s");
    cluster.awaitMembers(4);
    guest = Guest.start(cluster, "survivor", cluster.node("host4"));
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @ParameterizedTest
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  @CsvSource({
    "DESTINATION_QEMU, COPY,    AT_SOURCE,      KEPT",
    "DESTINATION_QEMU, RELEASE, AT_SOURCE,      KEPT",
    "DESTINATION_QEMU, SWITCH,  AT_SOURCE,      KEPT",
    "DESTINATION_QEMU, COMMIT,  ANYWHERE,       MAY_BE_LOST",
    "DESTINATION_QEMU, RESUME,  ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      COPY,    ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      SWITCH,  ANYWHERE,       MAY_BE_LOST",
    "SOURCE_QEMU,      RESUME,  AT_DESTINATION, KEPT",
    "SOURCE_NODE,      COPY,    ANYWHERE,       KEPT",
    "SOURCE_NODE,      TAKE,    ANYWHERE,       KEPT",
    "SOURCE_HOST,      COPY,    NOT_AT_SOURCE,  MAY_BE_LOST",
    "SOURCE_HOST,      RESUME,  AT_DESTINATION, KEPT",
    "DESTINATION_NODE, TAKE,    ANYWHERE,       KEPT",
    "DESTINATION_HOST, TAKE,    AT_SOURCE,      KEPT",
    "SCHEDULER_NODE,   COPY,    ANYWHERE,       KEPT",
    "SCHEDULER_NODE,   SWITCH,  ANYWHERE,       KEPT",
    "SCHEDULER_NODE,   RESUME,  AT_DESTINATION, KEPT"
  })
  void exactlyOneCopyGoesOn(Victim victim, String stage, Place place, Memory memory)
      throws Exception {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      if (killedAt(victim, stage, place, memory)) {
        return;
      }
      log.info("try {}: the migration was past {} already", attempt, stage);
    }
    throw new AssertionError(
        "%s could not be killed at %s in %d tries".formatted(victim, stage, TRIES));
  }

  /** Moves the guest and kills; false when it was moved without having been seen at the step. */
  private static boolean killedAt(Victim victim, String stage, Place place, Memory memory)
      throws Exception {
    TestNode scheduler = cluster.scheduler();
    TestNode source = guest.host();
    TestNode destination = elsewhere(source, scheduler);
    Verdict before = guest.awaitProgress();
    int starts = guest.starts();

    try (CuratorFramework records = cluster.records(scheduler)) {
      JsonNode accepted = guest.migrate(destination);
      boolean killed =
          new StageWatch(records, accepted.path("operationId").asText())
              .actAt(stage, scheduler, () -> kill(victim, source, destination, scheduler));
      log.info("killed {} at {}, {} to {}: {}", victim, stage, source, destination, killed);

      if (Set.of(Victim.SOURCE_NODE, Victim.DESTINATION_NODE).contains(victim)) {
        cluster.mend();
      }
      // Machines that are gone, and the scheduler, come back only after all is settled without
      // them.
      cluster.await(
          "the intent is settled", () -> records.getChildren().forPath("/intents").isEmpty());
      if (!killed) {
        return false;
      }
    }
    if (victim == Victim.SCHEDULER_NODE) {
      assertThat(cluster.scheduler()).isNotEqualTo(scheduler);
    }
    cluster.await("the VM runs", () -> guest.view().path("state").asText().equals("RUNNING"));
    guest.assertOneCopy();
    cluster.mend();
    Verdict after = guest.awaitProgress();
    guest.assertOneCopy();
    assertPlace(place, guest.host().id(), source, destination);
    if (memory == Memory.KEPT) {
      assertThat(guest.starts()).isEqualTo(starts);
      // The guest counts in its memory; started anew it would begin at nothing.
      assertThat(after.blocksVerified()).isGreaterThan(before.blocksVerified());
    }
    return true;
  }

  private static void assertPlace(Place place, String host, TestNode source, TestNode destination) {
    switch (place) {
      case AT_SOURCE -> assertThat(host).isEqualTo(source.id());
      case AT_DESTINATION -> assertThat(host).isEqualTo(destination.id());
      case NOT_AT_SOURCE -> assertThat(host).isNotEqualTo(source.id());
      case ANYWHERE -> assertThat(host).isIn("host1", "host2", "host3", "host4");
    }
  }

  private static TestNode elsewhere(TestNode source, TestNode scheduler) {
    return cluster.nodes().stream()
        .filter(node -> !node.equals(source) && !node.equals(scheduler))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static void kill(Victim victim, TestNode source, TestNode destination, TestNode scheduler)
      throws IOException {
    switch (victim) {
      case SOURCE_QEMU -> killQemus(source);
      case DESTINATION_QEMU -> killQemus(destination);
      case SOURCE_NODE -> source.kill();
      case DESTINATION_NODE -> destination.kill();
      case SOURCE_HOST -> killHost(source);
      case DESTINATION_HOST -> killHost(destination);
      case SCHEDULER_NODE -> scheduler.kill();
    }
  }

  private static void killQemus(TestNode host) throws IOException {
    for (ProcessIdentity qemu : cluster.qemus(guest.id(), host)) {
      qemu.kill();
    }
  }

  /** The daemon first, so that it does not get to say anything about the end of its QEMU. */
  private static void killHost(TestNode host) throws IOException {
    List<ProcessIdentity> qemus = new ArrayList<>(cluster.qemus(guest.id(), host));
    host.kill();
    for (ProcessIdentity qemu : qemus) {
      qemu.kill();
    }
  }
}
