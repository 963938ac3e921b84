package io.drover.hostagent.agent;

import io.drover.hostagent.vm.VmId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recent demand of the machines that are, or were lately, on this host, so that a new scheduler
 * need not begin with nothing. Bounded in samples per machine and in machines. Safe for use by many
 * threads.
 */
final class DemandLog {
  private static final int MAX_VMS = 512;

  private final int samplesPerVm;
  private final Map<VmId, ArrayDeque<Sample>> byVm = new HashMap<>();

  DemandLog(int samplesPerVm) {
    this.samplesPerVm = samplesPerVm;
  }

  synchronized void add(VmId vm, Sample sample) {
    if (byVm.size() >= MAX_VMS && !byVm.containsKey(vm)) {
      return;
    }
    ArrayDeque<Sample> samples = byVm.computeIfAbsent(vm, ignored -> new ArrayDeque<>());
    if (samples.size() >= samplesPerVm) {
      samples.removeFirst();
    }
    samples.addLast(sample);
  }

  synchronized List<VmHistory> all(String node) {
    return byVm.entrySet().stream()
        .map(entry -> new VmHistory(node, entry.getKey().value(), List.copyOf(entry.getValue())))
        .toList();
  }
}
