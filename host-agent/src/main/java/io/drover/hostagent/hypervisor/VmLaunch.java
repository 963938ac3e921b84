package io.drover.hostagent.hypervisor;

import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.VmSpec;
import java.util.List;

/**
 * Everything a host needs to bring a VM up.
 *
 * @param placementEpoch the epoch under which this host owns, or is about to own, the VM
 * @param disks one for each of the VM's disks, in the same order
 */
public record VmLaunch(
    VmSpec spec, long placementEpoch, List<DiskAttachment> disks, Accelerator accelerator) {
  public VmLaunch {
    disks = List.copyOf(disks);
    if (!disks.stream().map(DiskAttachment::disk).toList().equals(spec.disks())) {
      throw new IllegalArgumentException(
          "VM " + spec.name() + " has disks " + spec.disks() + " but " + disks + " are attached");
    }
  }

  /** A launch under the accelerator that the VM was made for. */
  public static VmLaunch of(VmSpec spec, long placementEpoch, List<DiskAttachment> disks) {
    return new VmLaunch(spec, placementEpoch, disks, spec.platform().accelerator());
  }
}
