package io.drover.hostagent.demand;

import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All counters of a VM's process at one moment.
 *
 * @param atNanos on the monotonic clock
 * @param threads whose {@code cpu} is the sum
 */
record Reading(
    ProcessIdentity process,
    long atNanos,
    List<Long> threads,
    SchedStat cpu,
    DiskCounters disk,
    NetCounters net) {

  /** Less than this is no interval to make a rate of. */
  private static final double MIN_SECONDS = 0.001;

  /**
   * The demand from this reading to a later one.
   *
   * @return empty when the process or its threads are others, no time passed or a counter fell
   */
  Optional<DemandSample> until(Reading later, VmId vm, Instant at, long memoryBytes) {
    double seconds = (later.atNanos - atNanos) / 1e9;
    if (!process.equals(later.process)
        || !threads.equals(later.threads)
        || seconds < MIN_SECONDS
        || fell(later)) {
      return Optional.empty();
    }
    return Optional.of(
        new DemandSample(
            vm,
            at,
            (later.cpu.ranNanos() - cpu.ranNanos()) / 1e9 / seconds,
            (later.cpu.waitedNanos() - cpu.waitedNanos()) / 1e9 / seconds,
            memoryBytes,
            (later.disk.readBytes() - disk.readBytes()) / seconds,
            (later.disk.writtenBytes() - disk.writtenBytes()) / seconds,
            (later.net.receivedBytes() - net.receivedBytes()) / seconds,
            (later.net.transmittedBytes() - net.transmittedBytes()) / seconds));
  }

  private boolean fell(Reading later) {
    return later.cpu.ranNanos() < cpu.ranNanos()
        || later.cpu.waitedNanos() < cpu.waitedNanos()
        || later.disk.readBytes() < disk.readBytes()
        || later.disk.writtenBytes() < disk.writtenBytes()
        || later.net.receivedBytes() < net.receivedBytes()
        || later.net.transmittedBytes() < net.transmittedBytes();
  }
}
