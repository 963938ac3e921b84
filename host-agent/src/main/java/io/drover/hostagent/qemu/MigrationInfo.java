package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationStats;
import java.time.Duration;
import java.util.Optional;

/**
 * The answer to {@code query-migrate}.
 *
 * @param sending whether it tells of a migration away from the process; a process that itself
 *     arrived by migration tells of that too
 * @param listeningPort where an incoming process accepts its stream
 * @param error QEMU's words after a failure
 */
record MigrationInfo(
    MigrationStats stats, boolean sending, Optional<Integer> listeningPort, String error) {

  static MigrationInfo parse(JsonNode info, boolean startedIncoming) {
    MigrationPhase phase = QemuWords.phase(info.path("status").asText());
    JsonNode ram = info.path("ram");
    long downtimeMillis = info.path("downtime").asLong(info.path("expected-downtime").asLong());
    MigrationStats stats =
        new MigrationStats(
            phase,
            Duration.ofMillis(info.path("total-time").asLong()),
            Duration.ofMillis(downtimeMillis),
            ram.path("transferred").asLong(),
            ram.path("remaining").asLong(),
            ram.path("total").asLong(),
            (double) ram.path("dirty-pages-rate").asLong() * ram.path("page-size").asLong(4096));
    boolean failed = phase == MigrationPhase.FAILED || phase == MigrationPhase.CANCELLED;
    // Only the sending side counts memory. A receiver that failed ends, so a failure that can be
    // asked about is a sender's.
    boolean sending =
        phase != MigrationPhase.NONE && (!startedIncoming || ram.isObject() || failed);
    JsonNode port = info.path("socket-address").path(0).path("port");
    return new MigrationInfo(
        stats,
        sending,
        port.isTextual() ? Optional.of(Integer.valueOf(port.asText())) : Optional.empty(),
        info.path("error-desc").asText(""));
  }
}
