package io.drover.daemon.demo.record;

/** One VM in a look; host and state as the scheduler has them. */
public record VmSeen(
    String name,
    String host,
    String state,
    int usedMillicores,
    int demandMillicores,
    int forecastMillicores,
    String trouble) {

  public boolean running() {
    return state.equals("RUNNING");
  }
}
