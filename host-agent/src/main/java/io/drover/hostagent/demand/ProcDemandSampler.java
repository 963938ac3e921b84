package io.drover.hostagent.demand;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples demand from {@code /proc} and the hypervisor's counters. Safe for use by many threads.
 */
public final class ProcDemandSampler implements DemandSampler {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.demand");

  /** Page size of every machine QEMU's x86 system emulator runs on here. */
  private static final long PAGE_BYTES = 4096;

  private final Map<VmId, Reading> last = new ConcurrentHashMap<>();

  @Override
  public Optional<DemandSample> sample(RunningVm vm, Instant now) {
    Optional<Reading> taken = read(vm);
    if (taken.isEmpty()) {
      last.remove(vm.id());
      return Optional.empty();
    }
    Reading before = last.put(vm.id(), taken.get());
    forgetGone();
    return before == null
        ? Optional.empty()
        : before.until(taken.get(), vm.id(), now, memoryBytes(vm.pid()));
  }

  /** VMs that moved away are not sampled again. */
  private void forgetGone() {
    last.values().removeIf(reading -> !reading.process().alive());
  }

  private static Optional<Reading> read(RunningVm vm) {
    Optional<ProcessIdentity> process = ProcessIdentity.of(vm.pid());
    List<Long> threads = vm.vcpuThreads();
    if (process.isEmpty() || threads.isEmpty()) {
      return Optional.empty();
    }
    DiskCounters disk;
    try {
      disk = vm.diskCounters();
    } catch (HypervisorException e) {
      LOG.atDebug().addKeyValue("vm", vm.id()).log("no sample this time: {}", e.getMessage());
      return Optional.empty();
    }
    NetCounters net = vm.netCounters().orElse(new NetCounters(0, 0));
    // Last and with the time beside it: the questions before may have taken long.
    long atNanos = System.nanoTime();
    SchedStat cpu = SchedStat.ZERO;
    for (long thread : threads) {
      Optional<SchedStat> stat = SchedStat.read(vm.pid(), thread);
      if (stat.isEmpty()) {
        return Optional.empty();
      }
      cpu = cpu.plus(stat.get());
    }
    return Optional.of(new Reading(process.get(), atNanos, threads, cpu, disk, net));
  }

  /** What of the process is in memory; 0 when it is gone. */
  private static long memoryBytes(long pid) {
    try {
      String statm = Files.readString(Path.of("/proc/" + pid + "/statm"), US_ASCII);
      return Long.parseLong(statm.split(" ", -1)[1]) * PAGE_BYTES;
    } catch (IOException gone) {
      return 0;
    }
  }
}
