package io.drover.daemon.demo.record;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster at one time.
 *
 * @param atMillis since the epoch
 * @param told what each guest had been told to demand, in millicores
 */
public record Look(
    long atMillis, List<HostSeen> hosts, List<VmSeen> vms, Map<String, Integer> told) {
  public Look {
    hosts = List.copyOf(hosts);
    vms = List.copyOf(vms);
    told = Map.copyOf(told);
  }

  public Optional<HostSeen> host(String name) {
    return hosts.stream().filter(h -> h.name().equals(name)).findFirst();
  }

  public Optional<VmSeen> vm(String name) {
    return vms.stream().filter(v -> v.name().equals(name)).findFirst();
  }

  /** Sum of what the guests had been told. */
  public int toldMillicores() {
    return told.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** CPU of the hosts that do not sleep. */
  public int awakeCapacityMillicores() {
    return hosts.stream().filter(HostSeen::awake).mapToInt(HostSeen::capacityMillicores).sum();
  }

  /** Whether some host's machines want more than it has. */
  public boolean overloaded() {
    return hosts.stream().anyMatch(h -> h.demandMillicores() > h.capacityMillicores());
  }
}
