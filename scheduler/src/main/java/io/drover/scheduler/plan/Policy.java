package io.drover.scheduler.plan;

import java.time.Duration;

/**
 * What the operator wants of the planner.
 *
 * @param mode cluster-wide; the stricter of this and a machine's own mode holds
 * @param demandQuantile the forecast quantile that has to fit into a host: above 0.5, below 1
 * @param targetShare share of a host's capacity that its load may reach before it counts as
 *     overloaded
 * @param packShare share that placing and packing may fill; not above {@code targetShare}, or every
 *     move would be followed by another
 * @param newVmCoresPerVcpu assumed demand of a machine without samples
 * @param memoryShare share of a host's memory that may be given to machines
 * @param failoverHosts how many hosts of the largest size may fail with all machines still fitting
 */
public record Policy(
    Mode mode,
    double demandQuantile,
    double targetShare,
    double packShare,
    double newVmCoresPerVcpu,
    double memoryShare,
    int failoverHosts,
    Moves moves,
    Power power) {

  /**
   * Limits and prices of moves.
   *
   * @param horizon how far ahead a host's load is looked at
   * @param cooldown a machine that was moved stays for this long, except to leave a draining host
   * @param maxConcurrent moves at one time in the cluster
   * @param maxConcurrentPerHost moves at one time that touch one host
   * @param longestBenefit the gain of a move is counted for this long at most
   * @param copyCores CPU that copying takes on source and destination together
   * @param slowdownShare how much of its demand a machine loses while it is copied
   * @param downtimeWeight how much worse a core-second of standing still is than one of running
   *     slowly
   * @param leastGain a move's benefit must exceed cost and risk by this factor
   */
  public record Moves(
      Duration horizon,
      Duration cooldown,
      int maxConcurrent,
      int maxConcurrentPerHost,
      Duration longestBenefit,
      double copyCores,
      double slowdownShare,
      double downtimeWeight,
      double leastGain) {
    public Moves {
      require(!horizon.isNegative(), "moves.horizon", horizon, "not negative");
      require(!cooldown.isNegative(), "moves.cooldown", cooldown, "not negative");
      require(maxConcurrent >= 1, "moves.maxConcurrent", maxConcurrent, "at least 1");
      require(
          maxConcurrentPerHost >= 1,
          "moves.maxConcurrentPerHost",
          maxConcurrentPerHost,
          "at least 1");
      require(longestBenefit.isPositive(), "moves.longestBenefit", longestBenefit, "above zero");
      require(copyCores >= 0, "moves.copyCores", copyCores, "not negative");
      require(
          slowdownShare >= 0 && slowdownShare <= 1, "moves.slowdownShare", slowdownShare, "0 to 1");
      require(downtimeWeight >= 1, "moves.downtimeWeight", downtimeWeight, "at least 1");
      require(leastGain >= 1, "moves.leastGain", leastGain, "at least 1");
    }
  }

  /**
   * When hosts sleep and wake.
   *
   * @param enabled false keeps every host powered
   * @param minimumOn hosts that stay on whatever the load
   * @param standbyWindow how long demand must have been low without a break
   * @param standbyShare share of the remaining hosts' capacity the total may fill after a standby
   * @param wakeWindow how long demand must have been high
   * @param wakeShare share of the powered hosts' capacity from which the fleet counts as short;
   *     above {@code standbyShare}
   * @param wakeMargin added to the measured boot time when looking ahead
   * @param trendWindow how long the fleet's total must have risen to count as a ramp
   * @param idleShare share of a host's power that it draws when idle, by which standby is valued
   * @param restAfterStandby no further standby for this long after any change; a wake-up is never
   *     held back
   * @param restAfterWake no standby for this long after a wake-up
   */
  public record Power(
      boolean enabled,
      int minimumOn,
      Duration standbyWindow,
      double standbyShare,
      Duration wakeWindow,
      double wakeShare,
      Duration wakeMargin,
      Duration trendWindow,
      double idleShare,
      Duration restAfterStandby,
      Duration restAfterWake) {
    public Power {
      require(minimumOn >= 1, "power.minimumOn", minimumOn, "at least 1");
      require(standbyWindow.isPositive(), "power.standbyWindow", standbyWindow, "above zero");
      require(
          standbyShare > 0 && standbyShare < 1,
          "power.standbyShare",
          standbyShare,
          "above 0, below 1");
      require(!wakeWindow.isNegative(), "power.wakeWindow", wakeWindow, "not negative");
      require(
          wakeShare > standbyShare && wakeShare <= 1,
          "power.wakeShare",
          wakeShare,
          "above power.standbyShare (" + standbyShare + "), to 1");
      require(!wakeMargin.isNegative(), "power.wakeMargin", wakeMargin, "not negative");
      require(trendWindow.isPositive(), "power.trendWindow", trendWindow, "above zero");
      require(idleShare >= 0 && idleShare <= 1, "power.idleShare", idleShare, "0 to 1");
      require(
          !restAfterStandby.isNegative(),
          "power.restAfterStandby",
          restAfterStandby,
          "not negative");
      require(!restAfterWake.isNegative(), "power.restAfterWake", restAfterWake, "not negative");
    }
  }

  public Policy {
    require(
        demandQuantile > 0.5 && demandQuantile < 1,
        "demandQuantile",
        demandQuantile,
        "above 0.5, below 1");
    require(targetShare > 0 && targetShare <= 1, "targetShare", targetShare, "above 0, to 1");
    require(
        packShare > 0 && packShare <= targetShare,
        "packShare",
        packShare,
        "above 0, to targetShare (" + targetShare + ")");
    require(newVmCoresPerVcpu >= 0, "newVmCoresPerVcpu", newVmCoresPerVcpu, "not negative");
    require(memoryShare > 0 && memoryShare <= 1, "memoryShare", memoryShare, "above 0, to 1");
    require(failoverHosts >= 0, "failoverHosts", failoverHosts, "not negative");
  }

  /** What a production cluster with a plan every minute uses. */
  public static Policy production() {
    return new Policy(
        Mode.AUTOMATIC,
        0.9,
        0.85,
        0.75,
        0.25,
        0.95,
        1,
        new Moves(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            8,
            2,
            Duration.ofHours(1),
            0.5,
            0.1,
            3,
            1.2),
        new Power(
            true,
            2,
            Duration.ofMinutes(30),
            0.65,
            Duration.ofMinutes(2),
            0.8,
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            0.5,
            Duration.ofMinutes(10),
            Duration.ofMinutes(30)));
  }

  private static void require(boolean holds, String field, Object value, String accepted) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + "; accepted: " + accepted);
    }
  }
}
