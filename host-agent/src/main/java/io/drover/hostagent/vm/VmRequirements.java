package io.drover.hostagent.vm;

import java.util.Set;

/**
 * What a VM asks of its host beyond capacity.
 *
 * @param allowedHosts hosts that may run it; empty means any
 * @param apartFrom VMs it must not share a host with (anti-affinity)
 * @param reservedMillicores CPU kept free for it whatever its forecast says
 */
public record VmRequirements(
    Set<String> allowedHosts, Set<VmId> apartFrom, int reservedMillicores) {
  public static final VmRequirements NONE = new VmRequirements(Set.of(), Set.of(), 0);

  public VmRequirements {
    allowedHosts = Set.copyOf(allowedHosts);
    apartFrom = Set.copyOf(apartFrom);
    if (reservedMillicores < 0) {
      throw new IllegalArgumentException(
          "reservedMillicores " + reservedMillicores + " must be at least 0");
    }
  }
}
