package io.drover.hostagent.demand;

import io.drover.hostagent.hypervisor.RunningVm;
import java.time.Instant;
import java.util.Optional;

/** Turns counters into demand. One per agent, called for each VM every sample interval. */
public interface DemandSampler {

  /**
   * The demand since the call before for the same VM.
   *
   * @return empty for the first call, after the VM's process changed, when a counter fell, and when
   *     the process is gone
   */
  Optional<DemandSample> sample(RunningVm vm, Instant now);
}
