package io.drover.hostagent.cgroup;

import java.io.IOException;
import java.util.List;

/**
 * The CPU that all VMs of one host may use together.
 *
 * <p>A thread that is held back waits: its wait shows in the kernel's {@code schedstat} like any
 * other wait for a CPU.
 */
public interface CpuQuota extends AutoCloseable {

  /** For hosts whose capacity only guides the scheduler. */
  CpuQuota NONE =
      new CpuQuota() {
        @Override
        public void hold(long pid, List<Long> threads) {
          // Nothing is held.
        }

        @Override
        public void close() {
          // Nothing to let go.
        }
      };

  /**
   * Puts threads under the quota. Idempotent; threads that ended are passed over.
   *
   * @param pid the process that they belong to
   */
  void hold(long pid, List<Long> threads) throws IOException;

  /** Removes what has become empty; running VMs stay under the quota. */
  @Override
  void close() throws IOException;
}
