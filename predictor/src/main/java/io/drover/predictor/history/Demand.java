package io.drover.predictor.history;

/**
 * What a virtual machine would use if nothing held it back, from what it used and how long it
 * waited.
 */
public final class Demand {
  private Demand() {}

  /**
   * The CPU demand in cores: used plus waited for, at most all virtual CPUs.
   *
   * <p>It is exact for a machine whose work follows the clock (so many requests a second). One that
   * works for a time and then rests for a time, whatever came of it, is shown too large by the
   * share of its rests that it spent waiting instead: on a crowded host that errs on the safe side.
   */
  public static double cpuCores(double usedCores, double waitedCores, int vcpus) {
    return Math.min(vcpus, clean(usedCores) + clean(waitedCores));
  }

  private static double clean(double value) {
    return value > 0 && !Double.isInfinite(value) ? value : 0;
  }
}
