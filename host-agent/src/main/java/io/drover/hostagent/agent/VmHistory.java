package io.drover.hostagent.agent;

import java.util.List;

/** Recent demand of one machine as its host remembers it, oldest first. */
public record VmHistory(String node, String vm, List<Sample> samples) implements SchedulerInbox {
  public VmHistory {
    samples = List.copyOf(samples);
  }
}
