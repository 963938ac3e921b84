package io.drover.hostagent.vm;

import java.util.Optional;

/**
 * Where a VM belongs. Only the host named here may let the VM run, and only under this epoch.
 *
 * @param host empty while the VM was never placed or is stopped
 * @param placementEpoch raised by every change of host; a hypervisor process that carries an older
 *     one is an orphan
 * @param revision of the stored record; what {@link VmCatalog#place} compares with
 */
public record VmPlacement(
    VmId vm, Optional<String> host, long placementEpoch, DesiredState desired, int revision) {
  public VmPlacement {
    if (placementEpoch < 0) {
      throw new IllegalArgumentException(
          "placementEpoch " + placementEpoch + " must be at least 0");
    }
  }
}
