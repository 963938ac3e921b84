package io.drover.daemon.demo.record;

/**
 * One host in a look.
 *
 * @param power as the scheduler has it: {@code ON}, {@code DRAINING}, {@code STANDBY}, {@code
 *     WAKING}
 * @param reachable whether the scheduler hears its agent
 * @param processAlive whether its node's process exists, by pid; not the scheduler's word
 */
public record HostSeen(
    String name,
    String power,
    boolean reachable,
    boolean processAlive,
    int capacityMillicores,
    int demandMillicores,
    int forecastMillicores,
    int vms) {

  /** Sleeps, by the scheduler's word and by the process. */
  public boolean asleep() {
    return power.equals("STANDBY") && !processAlive;
  }

  /** Works, by the scheduler's word and by the process. */
  public boolean awake() {
    return power.equals("ON") && reachable && processAlive;
  }
}
