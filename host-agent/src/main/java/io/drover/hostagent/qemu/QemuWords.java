package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.vm.VmId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What QEMU says, in the words of the hypervisor interfaces. Pure. */
final class QemuWords {
  private QemuWords() {}

  /** The {@code status} of {@code query-status}. */
  static VmRunState runState(String status) {
    return switch (status) {
      case "running" -> VmRunState.RUNNING;
      case "io-error" -> VmRunState.IO_ERROR;
      case "inmigrate" -> VmRunState.INCOMING;
      case "finish-migrate", "postmigrate", "colo" -> VmRunState.POST_MIGRATE;
      case "shutdown", "guest-panicked", "internal-error" -> VmRunState.EXITED;
      // It stands still and can be let go on.
      case "prelaunch", "paused", "suspended", "debug", "watchdog", "save-vm", "restore-vm" ->
          VmRunState.PAUSED;
      default -> VmRunState.UNKNOWN;
    };
  }

  /** The {@code status} of a migration; a kind we never ask for counts as copying. */
  static MigrationPhase phase(String status) {
    return switch (status) {
      case "", "none" -> MigrationPhase.NONE;
      case "setup", "wait-unplug" -> MigrationPhase.SETUP;
      case "pre-switchover" -> MigrationPhase.PRE_SWITCHOVER;
      case "device" -> MigrationPhase.DEVICE;
      case "completed" -> MigrationPhase.COMPLETED;
      case "failed" -> MigrationPhase.FAILED;
      case "cancelling" -> MigrationPhase.CANCELLING;
      case "cancelled" -> MigrationPhase.CANCELLED;
      default -> MigrationPhase.ACTIVE;
    };
  }

  /** Empty for events that nobody above needs; the end of the process is told separately. */
  static Optional<VmEvent> event(VmId vm, QmpMessage.Event event) {
    JsonNode data = event.data();
    return switch (event.name()) {
      case "STOP" -> Optional.of(new VmEvent.Stopped(vm));
      case "RESUME" -> Optional.of(new VmEvent.Resumed(vm));
      case "MIGRATION" ->
          Optional.of(new VmEvent.MigrationStatus(vm, phase(data.path("status").asText())));
      case "BLOCK_IO_ERROR" ->
          Optional.of(
              new VmEvent.IoError(
                  vm,
                  data.path("node-name").asText(data.path("device").asText()),
                  data.path("operation").asText().equals("write"),
                  data.path("action").asText().equals("stop"),
                  data.path("reason").asText("no reason given")));
      default -> Optional.empty();
    };
  }

  /** The answer to {@code query-cpus-fast}. With one thread for all CPUs it is named once. */
  static List<Long> vcpuThreads(JsonNode cpus) {
    Set<Long> threads = new LinkedHashSet<>();
    cpus.forEach(cpu -> threads.add(cpu.path("thread-id").asLong()));
    return List.copyOf(threads);
  }

  /** The answer to {@code query-blockstats}. */
  static DiskCounters diskCounters(JsonNode devices) {
    long readBytes = 0;
    long writtenBytes = 0;
    long reads = 0;
    long writes = 0;
    for (JsonNode device : devices) {
      JsonNode stats = device.path("stats");
      readBytes += stats.path("rd_bytes").asLong();
      writtenBytes += stats.path("wr_bytes").asLong();
      reads += stats.path("rd_operations").asLong();
      writes += stats.path("wr_operations").asLong();
    }
    return new DiskCounters(readBytes, writtenBytes, reads, writes);
  }
}
