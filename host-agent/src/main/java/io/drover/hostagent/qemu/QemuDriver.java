package io.drover.hostagent.qemu;

import io.drover.hostagent.cgroup.CpuQuota;
import io.drover.hostagent.cgroup.CpuQuotas;
import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.network.GuestLink;
import io.drover.hostagent.network.HostNetwork;
import io.drover.hostagent.process.DetachedProcess;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.settings.HypervisorSettings;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QEMU on this machine.
 *
 * <p>A start goes: folders cleared, process spawned stopped, monitor connected and UUID checked,
 * vCPU threads put under the host's quota, process recorded, and only then the guest let run.
 * Whatever fails on the way kills the process again.
 */
public final class QemuDriver implements HypervisorDriver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");
  private static final int UPKEEP_SECONDS = 20;

  private final HypervisorSettings settings;
  private final Path dataDir;
  private final Path runDir;
  private final HostNetwork network;
  private final CpuQuota quota;
  private final Accelerator accelerator;
  private final Set<QemuVm> vms = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService upkeep =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("vm upkeep").factory());

  private final ScheduledFuture<?> trimming;

  private QemuDriver(
      HypervisorSettings settings,
      Path dataDir,
      Path runDir,
      HostNetwork network,
      CpuQuota quota,
      Accelerator accelerator) {
    this.settings = settings;
    this.dataDir = dataDir;
    this.runDir = runDir;
    this.network = network;
    this.quota = quota;
    this.accelerator = accelerator;
    trimming =
        upkeep.scheduleWithFixedDelay(
            this::trimConsoleLogs, UPKEEP_SECONDS, UPKEEP_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Readies this machine for VMs; may take as long as the trial of an accelerator does.
   *
   * @param host name of this host, unique among those that share the machine
   * @param dataDir records and logs of the VMs; must survive restarts
   * @param runDir sockets; at most 56 characters long
   * @throws IOException when the machine cannot do what the settings demand; the message says what
   */
  public static QemuDriver open(String host, AgentSettings settings, Path dataDir, Path runDir)
      throws IOException {
    Accelerator accelerator = AcceleratorChoice.make(settings.hypervisor(), dataDir);
    HostNetwork network = HostNetwork.open(settings.network(), host, dataDir);
    return new QemuDriver(
        settings.hypervisor(),
        dataDir.toAbsolutePath(),
        runDir.toAbsolutePath(),
        network,
        CpuQuotas.open(settings.capacity(), host),
        accelerator);
  }

  @Override
  public RunningVm start(VmLaunch launch) throws HypervisorException {
    QemuVm vm = bringUp(launch, false);
    try {
      vm.resume();
      return vm;
    } catch (HypervisorException e) {
      throw undo(vm, e);
    }
  }

  @Override
  public IncomingVm startIncoming(VmLaunch launch, String listenAddress)
      throws HypervisorException {
    IncomingQemuVm vm = (IncomingQemuVm) bringUp(launch, true);
    try {
      vm.listen(listenAddress);
      return vm;
    } catch (HypervisorException e) {
      throw undo(vm, e);
    }
  }

  /** A machine that does not run yet, recorded and under the quota. */
  private QemuVm bringUp(VmLaunch launch, boolean incoming) throws HypervisorException {
    forgetEnded();
    VmId id = launch.spec().id();
    VmFiles files = VmFiles.of(dataDir, runDir, id);
    ProcessRecord record;
    try {
      OrphanProcess.kill(files, id);
      files.prepare();
      record = spawn(launch, files, incoming);
    } catch (IOException e) {
      throw cannotStart(id, e.getMessage(), e);
    }
    QemuVm vm = manage(record, files);
    try {
      QemuMonitor.State state = vm.monitor().awaitSettled(settings.startTimeout());
      if (state != QemuMonitor.State.CONNECTED) {
        throw cannotStart(
            id,
            (state == QemuMonitor.State.GONE ? "QEMU ended" : "QEMU does not answer, " + state)
                + "; the end of its log: "
                + files.processLogTail(),
            null);
      }
      quota.hold(record.pid(), vm.vcpuThreads());
      record.write(files.record());
      return vm;
    } catch (IOException e) {
      throw undo(vm, cannotStart(id, e.getMessage(), e));
    } catch (HypervisorException e) {
      throw undo(vm, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw undo(vm, cannotStart(id, "interrupted", e));
    }
  }

  private ProcessRecord spawn(VmLaunch launch, VmFiles files, boolean incoming) throws IOException {
    VmId id = launch.spec().id();
    GuestLink link = network.linkFor(id, launch.placementEpoch());
    List<String> command = QemuCommandLine.build(settings, launch, files, link, incoming);
    ProcessIdentity process =
        DetachedProcess.start(command, files.data(), Map.of(), files.processLog());
    LOG.atInfo()
        .addKeyValue("vm", id)
        .addKeyValue("pid", process.pid())
        .addKeyValue("placementEpoch", launch.placementEpoch())
        .log(incoming ? "QEMU started to receive it" : "QEMU started");
    return new ProcessRecord(
        id.value(),
        id.uuid().toString(),
        launch.placementEpoch(),
        process.pid(),
        process.startTicks(),
        ProcessIdentity.bootId(),
        link instanceof GuestLink.Tap tap ? tap.device() : "",
        incoming);
  }

  private QemuVm manage(ProcessRecord record, VmFiles files) {
    QemuVm vm =
        record.incoming()
            ? new IncomingQemuVm(record, files, settings.commandTimeout(), network)
            : new QemuVm(record, files, settings.commandTimeout(), network);
    vms.add(vm);
    vm.connect();
    return vm;
  }

  /**
   * A process that an adoption before this one took over stays with the VM that talks to it: QEMU
   * serves one monitor client at a time, and a second would wait for ever.
   */
  private QemuVm managed(ProcessRecord record, VmFiles files) {
    return vms.stream()
        .filter(vm -> vm.record().equals(record))
        .findFirst()
        .orElseGet(() -> manage(record, files));
  }

  private HypervisorException undo(QemuVm vm, HypervisorException cause) {
    vm.kill();
    forgetEnded();
    try {
      // It may not have been recorded yet, so that killing it left its files.
      VmFiles.of(dataDir, runDir, vm.id()).clear();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return cause.reason() == Reason.CANNOT_START
        ? cause
        : cannotStart(vm.id(), String.valueOf(cause.getMessage()), cause);
  }

  private static HypervisorException cannotStart(
      VmId id, @Nullable String why, @Nullable Throwable cause) {
    String message = "VM " + id + " cannot start: " + why;
    return cause == null
        ? new HypervisorException(Reason.CANNOT_START, message)
        : new HypervisorException(Reason.CANNOT_START, message, cause);
  }

  /** Where what a VM wrote to its serial console here is kept, also after it has gone. */
  public Path consoleLog(VmId vm) {
    return VmFiles.of(dataDir, runDir, vm).consoleLog();
  }

  @Override
  public List<RunningVm> adopt(Map<VmId, Long> expectedPlacementEpochs) {
    return new Adoption(dataDir, runDir, settings.commandTimeout(), this::managed, quota)
        .adopt(expectedPlacementEpochs);
  }

  private void trimConsoleLogs() {
    vms.forEach(vm -> ConsoleLogs.trim(vm.consoleLog()));
  }

  private void forgetEnded() {
    vms.removeIf(vm -> !vm.alive());
  }

  @Override
  public Accelerator accelerator() {
    return accelerator;
  }

  @Override
  public String machineType() {
    return settings.machineType();
  }

  @Override
  public String cpuModel() {
    return settings.cpuModel().orElse(accelerator == Accelerator.KVM ? "host" : "qemu64");
  }

  /** Lets go of the VMs, which run on, and of what the host needs no more. */
  @Override
  public void close() throws IOException {
    trimming.cancel(false);
    upkeep.shutdown();
    vms.forEach(QemuVm::letGo);
    vms.clear();
    quota.close();
  }
}
