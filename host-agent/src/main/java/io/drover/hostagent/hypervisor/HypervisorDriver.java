package io.drover.hostagent.hypervisor;

import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlatform;
import java.util.List;
import java.util.Map;

/**
 * One kind of hypervisor on this machine. Blocking; safe for use by many threads. VMs outlive the
 * driver and the daemon.
 */
public interface HypervisorDriver {

  /**
   * Boots a VM and returns once it runs.
   *
   * @throws HypervisorException CANNOT_START, with what the process wrote; nothing is left behind
   */
  RunningVm start(VmLaunch launch) throws HypervisorException;

  /**
   * Brings up an empty VM that waits for a migration.
   *
   * @param listenAddress IP address on which it accepts the copy; the port is chosen here
   */
  IncomingVm startIncoming(VmLaunch launch, String listenAddress) throws HypervisorException;

  /**
   * Takes over VMs that an earlier daemon left running. First kills those that are not expected
   * here: not in the map, of another placement epoch, or of another identity than their record
   * says. May be repeated: what was taken over before is answered again.
   *
   * @param expectedPlacementEpochs the VMs that belong to this host
   */
  List<RunningVm> adopt(Map<VmId, Long> expectedPlacementEpochs);

  Accelerator accelerator();

  String machineType();

  String cpuModel();

  /** What a VM created for this host is recorded with. */
  default VmPlatform platform() {
    return new VmPlatform(machineType(), cpuModel(), accelerator());
  }
}
