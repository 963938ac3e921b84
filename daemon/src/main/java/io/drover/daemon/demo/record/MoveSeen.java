package io.drover.daemon.demo.record;

/**
 * A move that ended.
 *
 * @param outcome {@code moved}, or what became of it instead
 * @param byHand somebody ordered it
 * @param actualDowntimeMillis the silence of the guest's heartbeats where that was long enough to
 *     measure, otherwise what the hypervisor says
 */
public record MoveSeen(
    String id,
    String vm,
    String from,
    String to,
    String outcome,
    boolean byHand,
    long startedMillis,
    long predictedMillis,
    long actualMillis,
    long predictedDowntimeMillis,
    long actualDowntimeMillis) {

  public boolean succeeded() {
    return outcome.equals("moved");
  }

  /** The same with a downtime that was measured otherwise. */
  public MoveSeen withDowntime(long millis) {
    return new MoveSeen(
        id,
        vm,
        from,
        to,
        outcome,
        byHand,
        startedMillis,
        predictedMillis,
        actualMillis,
        predictedDowntimeMillis,
        millis);
  }

  public long endedMillis() {
    return startedMillis + actualMillis;
  }
}
