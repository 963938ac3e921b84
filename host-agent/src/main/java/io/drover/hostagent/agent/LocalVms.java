package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The machines whose copies are on this host. Safe for use by many threads. */
final class LocalVms {
  private final ConcurrentHashMap<VmId, LocalVm> copies = new ConcurrentHashMap<>();
  private final VmDisks disks;
  private final Runnable onChange;
  private final AgentMetrics metrics;

  LocalVms(VmDisks disks, Runnable onChange, AgentMetrics metrics) {
    this.disks = disks;
    this.onChange = onChange;
    this.metrics = metrics;
  }

  Optional<LocalVm> find(VmId vm) {
    return Optional.ofNullable(copies.get(vm));
  }

  List<LocalVm> all() {
    return List.copyOf(copies.values());
  }

  LocalVm add(VmSpec spec, RunningVm process) {
    LocalVm local = new LocalVm(spec, process, onChange, metrics.crashes::inc);
    copies.put(spec.id(), local);
    return local;
  }

  void remove(VmId vm) {
    copies.remove(vm);
  }

  CopyView view(VmId vm) {
    LocalVm local = copies.get(vm);
    return local == null
        ? CopyView.absent()
        : new CopyView(local.state(), local.placementEpoch(), disks.view(local.spec().disks()));
  }
}
