package io.drover.predictor.history;

/**
 * What a virtual machine would use if nothing held it back, from what it used and how long it
 * waited.
 */
public final class Demand {
  private Demand() {}

  /**
   * The CPU demand in cores.
   *
   * <p>Used plus waited is the upper bound, but on a crowded host it counts the crowd: a machine
   * that works for c and sleeps for s, and waits w in every turn, shows (c+w)/(c+w+s), although
   * alone it would use c/(c+s). The share of the time in which it was <em>not</em> waiting shows
   * just that: used/(1-waited), per virtual CPU. It equals used plus waited for a machine that is
   * always ready to run, and never exceeds it. Without this an overload makes every machine on the
   * host look too big for any other.
   */
  public static double cpuCores(double usedCores, double waitedCores, int vcpus) {
    double used = clean(usedCores);
    double waited = clean(waitedCores);
    double most = Math.min(vcpus, used + waited);
    double free = 1 - waited / vcpus;
    return free <= 0 ? most : Math.min(most, used / free);
  }

  private static double clean(double value) {
    return value > 0 && !Double.isInfinite(value) ? value : 0;
  }
}
