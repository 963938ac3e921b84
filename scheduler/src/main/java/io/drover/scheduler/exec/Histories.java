package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.Sample;
import io.drover.hostagent.agent.VmHistory;
import io.drover.predictor.history.Demand;
import io.drover.predictor.history.DemandHistory;
import io.drover.predictor.history.Samples;
import io.drover.scheduler.forecast.DemandSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Demand of every machine over time, put together from what the agents send. */
final class Histories implements DemandSource {
  private final int capacity;
  private final Map<String, DemandHistory> byVm = new HashMap<>();
  private final Map<String, Sample> newest = new HashMap<>();

  Histories(int capacity) {
    this.capacity = capacity;
  }

  /** Takes a sample; false for one that is not newer than those before. */
  boolean add(String vm, int vcpus, Sample sample) {
    DemandHistory history = byVm.computeIfAbsent(vm, ignored -> new DemandHistory(capacity));
    boolean taken = history.add(sample.at().toEpochMilli(), demand(vcpus, sample));
    if (taken) {
      newest.put(vm, sample);
    }
    return taken;
  }

  /** Takes what an agent remembers, which is older than, or overlaps with, what is here. */
  void merge(VmHistory remembered, int vcpus) {
    TreeMap<Long, Double> all = new TreeMap<>();
    for (Sample sample : remembered.samples()) {
      all.put(sample.at().toEpochMilli(), demand(vcpus, sample));
    }
    Samples known = samples(remembered.vm());
    for (int i = 0; i < known.size(); i++) {
      all.put(known.epochMillisAt(i), known.valueAt(i));
    }
    DemandHistory merged = new DemandHistory(capacity);
    all.forEach(merged::add);
    byVm.put(remembered.vm(), merged);
  }

  Samples samples(String vm) {
    DemandHistory history = byVm.get(vm);
    return history == null ? Samples.empty() : history.snapshot();
  }

  @Override
  public Samples since(String vm, long fromEpochMillis) {
    DemandHistory history = byVm.get(vm);
    return history == null ? Samples.empty() : history.since(fromEpochMillis);
  }

  /** What the machine used in its newest sample. */
  Optional<Sample> newest(String vm) {
    return Optional.ofNullable(newest.get(vm));
  }

  /** Forgets machines that are no more. */
  void keepOnly(Set<String> vms) {
    byVm.keySet().retainAll(vms);
    newest.keySet().retainAll(vms);
  }

  /** Demand in cores of a report, if it has a sample. */
  static Optional<Double> demand(int vcpus, AgentReport.VmReport report) {
    return report.sample().map(sample -> demand(vcpus, sample));
  }

  private static double demand(int vcpus, Sample sample) {
    return Demand.cpuCores(sample.cpuUsedCores(), sample.cpuWaitedCores(), vcpus);
  }
}
