package io.drover.hostagent.cgroup;

/**
 * A share of CPU as the kernel takes it: so much time in every period.
 *
 * @param quotaMicros CPU time, over all cores
 */
record CpuBandwidth(long quotaMicros, long periodMicros) {
  /**
   * Shorter than the kernel's default of 100 ms, so that a guest whose host is short of CPU
   * stutters less; not so short that the slices of several vCPUs use it up between them.
   */
  static final long PERIOD_MICROS = 50_000;

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
