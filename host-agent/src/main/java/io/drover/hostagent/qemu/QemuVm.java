package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.network.HostNetwork;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One QEMU process on this host, started by this daemon or by an earlier one. */
sealed class QemuVm implements RunningVm permits IncomingQemuVm {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");

  /** A killed process that is still there by then is stuck in the kernel. */
  private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

  private final VmId id;
  private final ProcessRecord record;
  private final VmFiles files;
  private final Duration commandTimeout;
  private final HostNetwork network;
  private final ProcessIdentity process;
  private final QemuMonitor monitor;
  private final EventLane lane;
  private final MigrationWatch migrationWatch = new MigrationWatch();

  // Touched on the lane only.
  private final List<Consumer<VmEvent>> listeners = new ArrayList<>();
  private @Nullable VmEvent end;

  private volatile boolean killed;
  private volatile Optional<Boolean> shutdownByGuest = Optional.empty();

  /** Connects to the process. */
  QemuVm(ProcessRecord record, VmFiles files, Duration commandTimeout, HostNetwork network) {
    this.id = new VmId(record.vm());
    this.record = record;
    this.files = files;
    this.commandTimeout = commandTimeout;
    this.network = network;
    this.process = record.process();
    this.lane = new EventLane("events of " + id);
    this.monitor =
        new QemuMonitor(
            files.qmpSocket(),
            process,
            UUID.fromString(record.uuid()),
            commandTimeout,
            new QemuMonitor.Owner() {
              @Override
              public void event(QmpMessage.Event event) {
                happened(event);
              }

              @Override
              public void gone() {
                ended();
              }
            });
  }

  /** Begins to talk to the process. */
  void connect() {
    monitor.start();
  }

  QemuMonitor monitor() {
    return monitor;
  }

  ProcessRecord record() {
    return record;
  }

  MigrationWatch migrationWatch() {
    return migrationWatch;
  }

  Duration commandTimeout() {
    return commandTimeout;
  }

  /** Lets go of the process without ending it. */
  void letGo() {
    monitor.close();
  }

  private void happened(QmpMessage.Event event) {
    if (event.name().equals("SHUTDOWN")) {
      shutdownByGuest = Optional.of(event.data().path("guest").asBoolean());
    }
    Optional<VmEvent> told = QemuWords.event(id, event);
    if (told.isPresent() && told.get() instanceof VmEvent.MigrationStatus) {
      migrationWatch.changed();
    }
    told.ifPresent(this::tell);
  }

  private void tell(VmEvent event) {
    lane.add(() -> List.copyOf(listeners).forEach(listener -> listener.accept(event)));
  }

  private void ended() {
    migrationWatch.changed();
    VmEvent last = lastEvent();
    lane.add(() -> {
      end = last;
      List.copyOf(listeners).forEach(listener -> listener.accept(last));
    });
  }

  private VmEvent lastEvent() {
    if (killed) {
      return new VmEvent.Shutdown(id, false);
    }
    Optional<Boolean> byGuest = shutdownByGuest;
    if (byGuest.isPresent()) {
      return new VmEvent.Shutdown(id, byGuest.get());
    }
    return new VmEvent.Crashed(
        id, "process " + process.pid() + " ended; the end of its log: " + files.processLogTail());
  }

  @Override
  public VmId id() {
    return id;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public long placementEpoch() {
    return record.placementEpoch();
  }

  @Override
  public VmRunState state() {
    if (!process.alive()) {
      return VmRunState.EXITED;
    }
    try {
      return QemuWords.runState(monitor.execute("query-status").path("status").asText());
    } catch (HypervisorException e) {
      LOG.atDebug().addKeyValue("vm", id).log("its state is not known: {}", e.getMessage());
      return process.alive() ? VmRunState.UNKNOWN : VmRunState.EXITED;
    }
  }

  @Override
  public void pause() throws HypervisorException {
    monitor.execute("stop");
  }

  @Override
  public void resume() throws HypervisorException {
    monitor.execute("cont");
  }

  @Override
  public void reset() throws HypervisorException {
    boolean goesOn =
        switch (state()) {
          case RUNNING, IO_ERROR -> true;
          case PAUSED, INCOMING, POST_MIGRATE, EXITED, UNKNOWN -> false;
        };
    monitor.execute("system_reset");
    if (goesOn) {
      // A machine that stood still with a failed request stands still after the reset, too.
      monitor.execute("cont");
    }
  }

  @Override
  public void powerDown() throws HypervisorException {
    monitor.execute("system_powerdown");
  }

  @Override
  public void kill() {
    killed = true;
    process.kill();
    if (!process.awaitExit(KILL_LIMIT)) {
      LOG.atError()
          .addKeyValue("vm", id)
          .addKeyValue("pid", process.pid())
          .log("the process does not go away though it was killed");
      return;
    }
    clearFiles();
  }

  /**
   * Only here, where the caller waits for it, and only if they are this process's: a next process
   * of the same VM uses the same names.
   */
  private void clearFiles() {
    try {
      if (OrphanProcess.readRecord(files).filter(record::equals).isPresent()) {
        files.clear();
      }
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("vm", id)
          .log("cannot remove what its process left: {}", e.toString());
    }
  }

  @Override
  public MigrationRun migrateTo(String uri, MigrationLimits limits) throws HypervisorException {
    return QemuMigration.begin(this, uri, limits);
  }

  @Override
  public Optional<MigrationRun> migration() throws HypervisorException {
    return migrationInfo().sending() ? Optional.of(new QemuMigration(this)) : Optional.empty();
  }

  MigrationInfo migrationInfo() throws HypervisorException {
    return migrationInfo(commandTimeout);
  }

  MigrationInfo migrationInfo(Duration limit) throws HypervisorException {
    return MigrationInfo.parse(
        monitor.execute("query-migrate", arguments(), limit), record.incoming());
  }

  @Override
  public void announce() throws HypervisorException {
    ObjectNode rounds = arguments();
    rounds.put("initial", 50).put("max", 550).put("rounds", 5).put("step", 100);
    monitor.execute("announce-self", rounds);
  }

  @Override
  public List<Long> vcpuThreads() {
    try {
      return QemuWords.vcpuThreads(monitor.execute("query-cpus-fast"));
    } catch (HypervisorException e) {
      LOG.atDebug().addKeyValue("vm", id).log("its threads are not known: {}", e.getMessage());
      return List.of();
    }
  }

  @Override
  public DiskCounters diskCounters() throws HypervisorException {
    return QemuWords.diskCounters(monitor.execute("query-blockstats"));
  }

  @Override
  public Optional<NetCounters> netCounters() {
    return record.tap().isEmpty() ? Optional.empty() : network.counters(record.tap());
  }

  @Override
  public Path consoleLog() {
    return files.consoleLog();
  }

  @Override
  public Path consoleSocket() {
    return files.consoleSocket();
  }

  @Override
  public void onEvent(Consumer<VmEvent> listener) {
    lane.add(() -> {
      listeners.add(listener);
      if (end != null) {
        listener.accept(end);
      }
    });
  }

  boolean alive() {
    return process.alive();
  }

  JsonNode execute(String command, ObjectNode arguments) throws HypervisorException {
    return monitor.execute(command, arguments);
  }

  HypervisorException gone() {
    return new HypervisorException(
        Reason.GONE, "process " + process.pid() + " of VM " + id + " ended");
  }

  static ObjectNode arguments() {
    return QmpMessage.JSON.createObjectNode();
  }
}
