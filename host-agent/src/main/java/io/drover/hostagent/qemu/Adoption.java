package io.drover.hostagent.qemu;

import io.drover.hostagent.cgroup.CpuQuota;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the QEMU processes that an earlier daemon left.
 *
 * <p>A process is taken over if its record is of this boot, its pid and start time are those of a
 * living process, its VM belongs here under the very placement epoch, and its monitor does not
 * claim to be another machine. All others that are ours to end are killed, first.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");

  private final Path dataDir;
  private final Path runDir;
  private final Duration limit;
  private final BiFunction<ProcessRecord, VmFiles, QemuVm> manage;
  private final CpuQuota quota;

  private record Candidate(ProcessRecord record, VmFiles files) {}

  /**
   * An adoption.
   *
   * @param limit for a monitor to answer
   * @param manage makes the VM of a process and connects to it, unless that was done before
   */
  Adoption(
      Path dataDir,
      Path runDir,
      Duration limit,
      BiFunction<ProcessRecord, VmFiles, QemuVm> manage,
      CpuQuota quota) {
    this.dataDir = dataDir;
    this.runDir = runDir;
    this.limit = limit;
    this.manage = manage;
    this.quota = quota;
  }

  List<RunningVm> adopt(Map<VmId, Long> expected) {
    List<Candidate> candidates = new ArrayList<>();
    for (VmId vm : found()) {
      VmFiles files = VmFiles.of(dataDir, runDir, vm);
      Optional<ProcessRecord> record = OrphanProcess.readRecord(files);
      if (record.isPresent() && wanted(record.get(), vm, expected)) {
        candidates.add(new Candidate(record.get(), files));
      } else {
        clear(files, vm);
      }
    }
    List<QemuVm> connecting = new ArrayList<>();
    candidates.forEach(each -> connecting.add(manage.apply(each.record(), each.files())));
    List<RunningVm> adopted = new ArrayList<>();
    connecting.stream().filter(this::isItself).forEach(adopted::add);
    return List.copyOf(adopted);
  }

  private List<VmId> found() {
    Path folder = VmFiles.folder(dataDir);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(VmId::accepts)
          .map(VmId::new)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot look for running VMs in " + folder, e);
    }
  }

  private static boolean wanted(ProcessRecord record, VmId vm, Map<VmId, Long> expected) {
    Long epoch = expected.get(vm);
    return epoch != null
        && epoch == record.placementEpoch()
        && record.vm().equals(vm.value())
        && record.uuid().equals(vm.uuid().toString())
        && ofThisBoot(record)
        && record.process().alive();
  }

  private static boolean ofThisBoot(ProcessRecord record) {
    try {
      return record.bootId().equals(ProcessIdentity.bootId());
    } catch (IOException e) {
      throw new IllegalStateException("cannot tell one boot from another", e);
    }
  }

  private static void clear(VmFiles files, VmId vm) {
    try {
      OrphanProcess.kill(files, vm);
      files.clear();
    } catch (IOException e) {
      throw new IllegalStateException(
          "what is left of VM " + vm + " on this host cannot be ended: " + e.getMessage(), e);
    }
  }

  /** One that does not answer in time is taken over all the same: its process is beyond doubt. */
  private boolean isItself(QemuVm vm) {
    try {
      switch (vm.monitor().awaitSettled(limit)) {
        case CONNECTED -> {
          quota.hold(vm.pid(), vm.vcpuThreads());
          LOG.atInfo().addKeyValue("vm", vm.id()).addKeyValue("pid", vm.pid()).log("adopted");
        }
        case CONNECTING -> {
          LOG.atWarn()
              .addKeyValue("vm", vm.id())
              .addKeyValue("pid", vm.pid())
              .log("adopted, though its monitor does not answer yet");
          Thread.ofVirtual().name("quota of " + vm.id()).start(() -> holdOnceItAnswers(vm));
        }
        case FOREIGN -> {
          vm.kill();
          return false;
        }
        case GONE, CLOSED -> {
          return false;
        }
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("vm", vm.id()).log("adopted without a quota: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while adopting VM " + vm.id(), e);
    }
    return true;
  }

  private void holdOnceItAnswers(QemuVm vm) {
    try {
      QemuMonitor.State state = QemuMonitor.State.CONNECTING;
      while (state == QemuMonitor.State.CONNECTING) {
        state = vm.monitor().awaitSettled(limit);
      }
      switch (state) {
        case CONNECTED -> quota.hold(vm.pid(), vm.vcpuThreads());
        // What sits on our VM's socket is not our VM, though the process is the recorded one.
        case FOREIGN -> vm.kill();
        case GONE, CLOSED, CONNECTING -> LOG.atDebug().log("{} needs no quota any more", vm.id());
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("vm", vm.id()).log("runs without a quota: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
