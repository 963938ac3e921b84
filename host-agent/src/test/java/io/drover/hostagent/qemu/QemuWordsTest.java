package io.drover.hostagent.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationStats;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Answers and events as QEMU 7.2 gives them. */
class QemuWordsTest {
  private static final VmId VM = new VmId("vm1");

  @Test
  void runStates() {
    assertThat(QemuWords.runState("running")).isEqualTo(VmRunState.RUNNING);
    assertThat(QemuWords.runState("prelaunch")).isEqualTo(VmRunState.PAUSED);
    assertThat(QemuWords.runState("paused")).isEqualTo(VmRunState.PAUSED);
    assertThat(QemuWords.runState("io-error")).isEqualTo(VmRunState.IO_ERROR);
    assertThat(QemuWords.runState("inmigrate")).isEqualTo(VmRunState.INCOMING);
    assertThat(QemuWords.runState("finish-migrate")).isEqualTo(VmRunState.POST_MIGRATE);
    assertThat(QemuWords.runState("postmigrate")).isEqualTo(VmRunState.POST_MIGRATE);
    assertThat(QemuWords.runState("guest-panicked")).isEqualTo(VmRunState.EXITED);
    assertThat(QemuWords.runState("a word of a later QEMU")).isEqualTo(VmRunState.UNKNOWN);
    assertThat(QemuWords.runState("")).isEqualTo(VmRunState.UNKNOWN);
  }

  @Test
  void ioErrorNamesTheDiskAndWhetherTheMachineStopped() throws IOException {
    assertThat(
            event(
                """
                {"event":"BLOCK_IO_ERROR","data":{"device":"","nospace":false,"node-name":"disk0",
                 "reason":"Input/output error","operation":"write","action":"stop"}}
                """))
        .isEqualTo(new VmEvent.IoError(VM, "disk0", true, true, "Input/output error"));
    assertThat(
            event(
                """
                {"event":"BLOCK_IO_ERROR","data":{"device":"disk7","reason":"x","operation":"read","action":"report"}}
                """))
        .isEqualTo(new VmEvent.IoError(VM, "disk7", false, false, "x"));
  }

  @Test
  void migrationPhasesAreTold() throws IOException {
    assertThat(event("{\"event\":\"MIGRATION\",\"data\":{\"status\":\"pre-switchover\"}}"))
        .isEqualTo(new VmEvent.MigrationStatus(VM, MigrationPhase.PRE_SWITCHOVER));
    assertThat(QemuWords.phase("none").ended()).isFalse();
    assertThat(QemuWords.phase("cancelled").ended()).isTrue();
    assertThat(QemuWords.phase("postcopy-active")).isEqualTo(MigrationPhase.ACTIVE);
  }

  @Test
  void countersOfAllDisksAreAddedUp() throws IOException {
    assertThat(
            QemuWords.diskCounters(
                json(
                    """
                    [{"stats":{"rd_bytes":10,"wr_bytes":20,"rd_operations":1,"wr_operations":2}},
                     {"stats":{"rd_bytes":5,"wr_bytes":6,"rd_operations":7,"wr_operations":8}}]
                    """)))
        .isEqualTo(new DiskCounters(15, 26, 8, 10));
  }

  @Test
  void oneThreadForAllCpusIsCountedOnce() throws IOException {
    assertThat(QemuWords.vcpuThreads(json("[{\"thread-id\":7},{\"thread-id\":8}]")))
        .containsExactly(7L, 8L);
    assertThat(QemuWords.vcpuThreads(json("[{\"thread-id\":7},{\"thread-id\":7}]")))
        .containsExactly(7L);
  }

  @Test
  void sendersNumbersAreRead() throws IOException {
    MigrationInfo info =
        MigrationInfo.parse(
            json(
                """
                {"status":"completed","total-time":840,"downtime":67,
                 "ram":{"total":100,"remaining":3,"transferred":50,"dirty-pages-rate":10,"page-size":4096}}
                """),
            false);
    assertThat(info.sending()).isTrue();
    assertThat(info.stats())
        .isEqualTo(
            new MigrationStats(
                MigrationPhase.COMPLETED,
                Duration.ofMillis(840),
                Duration.ofMillis(67),
                50,
                3,
                100,
                40_960));
  }

  @Test
  void receiverTellsItsPortAndIsNoSender() throws IOException {
    MigrationInfo info =
        MigrationInfo.parse(
            json(
                """
                {"status":"setup","socket-address":[{"port":"40123","host":"127.0.0.2","type":"inet"}]}
                """),
            true);
    assertThat(info.listeningPort()).contains(40123);
    assertThat(info.sending()).isFalse();
    assertThat(MigrationInfo.parse(json("{\"status\":\"completed\"}"), true).sending()).isFalse();
    assertThat(MigrationInfo.parse(json("{}"), false).sending()).isFalse();
  }

  private static VmEvent event(String line) throws IOException {
    QmpMessage message = QmpMessage.parse(line.replace("\n", " "));
    assertThat(message).isInstanceOf(QmpMessage.Event.class);
    return QemuWords.event(VM, (QmpMessage.Event) message).orElseThrow();
  }

  private static JsonNode json(String text) throws IOException {
    return QmpMessage.JSON.readTree(text);
  }
}
