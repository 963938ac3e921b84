package io.drover.scheduler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Keeps room for the machines of hosts that may fail. */
final class Failover {
  private Failover() {}

  /**
   * Why the hosts that take machines, less {@code without}, could not carry everything after the
   * policy's number of largest ones failed; empty when they could. It compares sums: it does not
   * try each failure.
   *
   * @param without a host that is to be left out, or {@link Fleet#NOWHERE}
   */
  static Optional<String> missing(Fleet fleet, int without, double addedCores, long addedBytes) {
    int failures = fleet.policy.failoverHosts();
    if (failures == 0) {
      return Optional.empty();
    }
    List<HostView> left = new ArrayList<>();
    for (int h = 0; h < fleet.hosts.size(); h++) {
      if (fleet.takes[h] && h != without) {
        left.add(fleet.hosts.get(h));
      }
    }
    left.sort(Comparator.comparingDouble((HostView host) -> -host.cpuCores()));
    double cores = 0;
    double bytes = 0;
    for (HostView host : left.subList(Math.min(failures, left.size()), left.size())) {
      cores += host.cpuCores() * fleet.policy.targetShare();
      bytes += host.memoryBytes() * fleet.policy.memoryShare();
    }
    double needed = fleet.totalLevel() + addedCores;
    double neededBytes = (double) addedBytes;
    for (int v = 0; v < fleet.vms.size(); v++) {
      neededBytes += fleet.placeOf(v) == Fleet.NOWHERE ? 0 : fleet.vms.get(v).memoryBytes();
    }
    if (needed > cores) {
      return Optional.of(
          "after %d failures %s would be left for a demand of %s"
              .formatted(failures, Words.cores(cores), Words.number(needed)));
    }
    return neededBytes > bytes
        ? Optional.of("after %d failures the memory left would not do".formatted(failures))
        : Optional.empty();
  }
}
