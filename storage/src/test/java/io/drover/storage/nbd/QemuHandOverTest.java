package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.block.MemoryBlockDevice.Operation;
import io.drover.storage.nbd.LeasedDevice.Standing;
import io.drover.storage.tool.QemuMachine;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real QEMU asks of the server when its machine moves, and when the server goes away. */
@Tag("real")
@Timeout(180)
final class QemuHandOverTest {
  private static final String OPTIONS = "reconnect-delay=30";

  @TempDir Path directory;
  private final MemoryBlockDevice disk = new MemoryBlockDevice(64 << 20);
  private final LeasedDevice atSource = new LeasedDevice(disk, Standing.HOLDER);
  private final LeasedDevice atDestination = new LeasedDevice(disk, Standing.OBSERVER);
  private NbdServer server;
  private NbdExport sourceExport;
  private NbdExport destinationExport;

  @BeforeEach
  void serve() throws IOException {
    server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(new CollectorRegistry()));
    sourceExport = server.serveUnix(directory.resolve("s"), "disk", atSource);
    destinationExport = server.serveUnix(directory.resolve("d"), "disk", atDestination);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private QemuMachine source() throws Exception {
    QemuMachine machine = QemuMachine.start(directory, "source", sourceExport.socket(), OPTIONS);
    machine.awaitStatus("query-status", "running");
    return machine;
  }

  private QemuMachine destination() throws Exception {
    return QemuMachine.start(
        directory,
        "destination",
        destinationExport.socket(),
        OPTIONS,
        "-S",
        "-incoming",
        "unix:" + directory.resolve("m"));
  }

  private void migrateUntilPreSwitchover(QemuMachine source) throws Exception {
    source.call(
        "migrate-set-capabilities",
        Map.of(
            "capabilities",
            List.of(Map.of("capability", "pause-before-switchover", "state", true))));
    source.call("migrate", Map.of("uri", "unix:" + directory.resolve("m")));
    source.awaitStatus("query-migrate", "pre-switchover");
  }

  @Test
  void machineMovesAndTheLeaseWithIt() throws Exception {
    List<Operation> late = new CopyOnWriteArrayList<>();
    try (QemuMachine source = source();
        QemuMachine destination = destination()) {
      assertThat(source.io("write -P 0x11 0 64k")).contains("wrote 65536/65536");
      migrateUntilPreSwitchover(source);
      assertThat(destinationExport.connections()).isEqualTo(1);

      atSource.record(late::add);
      atSource.become(Standing.RELEASED);
      atDestination.become(Standing.HOLDER);
      source.call("migrate-continue", Map.of("state", "pre-switchover"));
      source.awaitStatus("query-migrate", "completed");
      destination.awaitStatus("query-status", "paused");
      destination.call("cont");
      destination.awaitStatus("query-status", "running");

      assertThat(destination.io("read -P 0x11 0 64k")).contains("read 65536/65536");
      assertThat(destination.io("write -P 0x22 0 4k")).contains("wrote 4096/4096");
      assertThat(source.quit()).isZero();
      assertThat(late).hasSizeGreaterThanOrEqualTo(1).containsOnly(Operation.FLUSH);
      assertThat(destination.io("read -P 0x22 0 4k")).doesNotContain("verification failed");
      assertThat(destination.io("read -P 0x11 4k 60k")).doesNotContain("verification failed");
    }
  }

  @Test
  void destinationDiesAtTheSwitchOverAndTheSourceGoesOnWithItsDisk() throws Exception {
    try (QemuMachine source = source()) {
      try (QemuMachine destination = destination()) {
        migrateUntilPreSwitchover(source);
        atSource.become(Standing.RELEASED);
        atDestination.become(Standing.HOLDER);
        destination.awaitStatus("query-status", "inmigrate");
      }
      // The disk comes back before the source may go on.
      atDestination.become(Standing.RELEASED);
      atSource.become(Standing.HOLDER);
      source.call("migrate-continue", Map.of("state", "pre-switchover"));
      String outcome =
          source
              .await(
                  "query-migrate",
                  answer -> Set.of("failed", "completed").contains(answer.path("status").asText()))
              .path("status")
              .asText();
      if (outcome.equals("completed")) {
        // QEMU took the socket's buffer for the destination; it stands still, its memory whole.
        source.awaitStatus("query-status", "postmigrate");
        source.call("cont");
      }
      source.awaitStatus("query-status", "running");

      assertThat(source.io("write -P 0x33 0 64k")).contains("wrote 65536/65536");
    }
  }

  @Test
  void requestWaitsWhileTheServerIsAwayAndTheMachineRunsOn() throws Exception {
    try (QemuMachine source = source()) {
      source.io("write -P 0x44 0 64k");
      server.close();
      FutureTask<String> read = new FutureTask<>(() -> source.io("read -P 0x44 0 64k"));
      Thread.ofVirtual().start(read);
      server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(new CollectorRegistry()));
      assertThat(read.isDone()).isFalse();
      server.serveUnix(directory.resolve("s"), "disk", atSource);

      assertThat(read.get()).contains("read 65536/65536").doesNotContain("verification failed");
      source.awaitStatus("query-status", "running");
    }
  }

  @Test
  void fencedMachineIsStoppedAfterItsReconnectDelay() throws Exception {
    CollectorRegistry registry = new CollectorRegistry();
    try (NbdServer counted = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(registry));
        NbdExport export = counted.serveUnix(directory.resolve("f"), "disk", atSource);
        QemuMachine machine =
            QemuMachine.start(directory, "fenced", export.socket(), "reconnect-delay=3")) {
      machine.awaitStatus("query-status", "running");
      atSource.become(Standing.FENCED);

      assertThat(machine.io("write -P 1 0 4k")).contains("write failed: Input/output error");
      assertThat(
              registry.getSampleValue(
                  "drover_nbd_errors_total",
                  new String[] {"command", "reason"},
                  new String[] {"write", "fenced"}))
          .isEqualTo(1.0);

      atSource.become(Standing.HOLDER);
      // QEMU tries again from time to time.
      String written;
      do {
        written = machine.io("write -P 1 0 4k");
      } while (written.contains("failed"));
      assertThat(written).contains("wrote 4096/4096");
    }
  }
}
