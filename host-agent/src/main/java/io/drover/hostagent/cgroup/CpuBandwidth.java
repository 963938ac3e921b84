package io.drover.hostagent.cgroup;

/**
 * A share of CPU as the kernel takes it: so much time in every period.
 *
 * @param quotaMicros CPU time, over all cores
 */
record CpuBandwidth(long quotaMicros, long periodMicros) {
  /**
   * Longer than the kernel's default of 100 ms. A guest's work comes in bursts, a vCPU that was
   * stopped in one stands in its demand as waiting for the rest of the period, and several such
   * guests would seem to overload a host that has room. Not so long that a guest whose host is
   * really short of CPU stands still noticeably.
   */
  static final long PERIOD_MICROS = 200_000;

  /** The kernel refuses less. */
  static final long MIN_QUOTA_MICROS = 1_000;

  static final long MAX_PERIOD_MICROS = 1_000_000;

  static CpuBandwidth ofCores(double cores) {
    if (cores < 0.001 || cores > 4096) {
      throw new IllegalArgumentException("cores " + cores + " must be from 0.001 to 4096");
    }
    long period =
        Math.clamp((long) Math.ceil(MIN_QUOTA_MICROS / cores), PERIOD_MICROS, MAX_PERIOD_MICROS);
    return new CpuBandwidth(Math.max(MIN_QUOTA_MICROS, Math.round(cores * period)), period);
  }
}
