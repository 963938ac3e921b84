package io.drover.scheduler.exec;

import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.agent.VmDisks;
import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.VmId;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.LeaseClaim;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Hypervisors and disks of all hosts of the simulated world; they outlive their agents. */
final class SimMachines {
  final SimWorld world;
  final List<SimVm> processes = new ArrayList<>();
  final Map<DiskId, Lease> leases = new TreeMap<>(java.util.Comparator.comparing(DiskId::value));
  private int pids;

  /** Told of the destination at the moment at which the source knows that it has everything. */
  Consumer<SimVm> onCompleted = destination -> {};

  /** Who may write a disk. */
  record Lease(String holder, long epoch, long claim) {}

  SimMachines(SimWorld world) {
    this.world = world;
  }

  /** Who has a disk; nobody at first. */
  Lease lease(DiskId disk) {
    return leases.getOrDefault(disk, new Lease("", 0, 0));
  }

  List<SimVm> alive(String vm) {
    return processes.stream().filter(p -> p.alive() && p.id().value().equals(vm)).toList();
  }

  HypervisorDriver hypervisor(String host) {
    return new Hypervisor(host);
  }

  Optional<SimVm> listeningAt(String uri) {
    return processes.stream().filter(p -> p.alive() && p.uri().equals(uri)).findFirst();
  }

  private final class Hypervisor implements HypervisorDriver {
    private final String host;

    Hypervisor(String host) {
      this.host = host;
    }

    @Override
    public RunningVm start(VmLaunch launch) throws HypervisorException {
      world.point();
      if (world.fails()) {
        throw new HypervisorException(Reason.CANNOT_START, "would not start");
      }
      SimVm vm = launch(launch, false);
      world.point();
      vm.boot();
      return vm;
    }

    private SimVm launch(VmLaunch launch, boolean incoming) {
      pids++;
      VmId id = launch.spec().id();
      SimVm vm =
          incoming
              ? new SimVm.Incoming(SimMachines.this, id, host, pids, launch.placementEpoch())
              : new SimVm(SimMachines.this, id, host, pids, launch.placementEpoch());
      processes.add(vm);
      world.note(
          host
              + ": process "
              + pids
              + " of "
              + id
              + " epoch "
              + launch.placementEpoch()
              + (incoming ? " waits for a stream" : ""));
      return vm;
    }

    @Override
    public IncomingVm startIncoming(VmLaunch launch, String listenAddress)
        throws HypervisorException {
      world.point();
      if (world.fails()) {
        throw new HypervisorException(Reason.CANNOT_START, "would not start");
      }
      IncomingVm vm = (IncomingVm) launch(launch, true);
      world.point();
      return vm;
    }

    @Override
    public List<RunningVm> adopt(Map<VmId, Long> expected) {
      world.point();
      List<RunningVm> adopted = new ArrayList<>();
      for (SimVm vm : List.copyOf(processes)) {
        if (vm.alive() && vm.host().equals(host)) {
          if (Long.valueOf(vm.placementEpoch()).equals(expected.get(vm.id()))) {
            vm.forgetListeners();
            adopted.add(vm);
          } else {
            vm.kill();
          }
        }
      }
      return adopted;
    }

    @Override
    public Accelerator accelerator() {
      return Accelerator.TCG;
    }

    @Override
    public String machineType() {
      return "pc";
    }

    @Override
    public String cpuModel() {
      return "cpu";
    }
  }

  /** The disks as one agent process serves them: with it they go. */
  VmDisks disks(String host) {
    return new Disks(host);
  }

  private final class Disks implements VmDisks {
    private final String host;
    private final Map<String, Long> attached = new TreeMap<>();

    Disks(String host) {
      this.host = host;
    }

    private void trouble() throws DiskException {
      world.point();
      if (world.fails()) {
        throw new DiskException.Invalid("the store does not answer");
      }
    }

    @Override
    public List<DiskAttachment> attach(List<DiskId> disks) throws DiskException {
      trouble();
      List<DiskAttachment> served = new ArrayList<>();
      for (DiskId disk : disks) {
        attached.putIfAbsent(disk.value(), 0L);
        served.add(new DiskAttachment(disk, Path.of("/sim/" + disk.value()), disk.value()));
      }
      return served;
    }

    @Override
    public void takeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException {
      trouble();
      for (DiskId disk : disks) {
        Lease lease = lease(disk);
        if (!lease.holder().isEmpty() && !lease.holder().equals(host)) {
          throw new DiskException.HeldElsewhere(disk, lease.holder(), "take the lease");
        }
        take(disk, lease, claim);
      }
      trouble();
    }

    @Override
    public void seizeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException {
      trouble();
      for (DiskId disk : disks) {
        if (!holds(disk)) {
          take(disk, lease(disk), claim);
        }
      }
      trouble();
    }

    private void take(DiskId disk, Lease before, LeaseClaim claim) throws DiskException {
      if (claim.number() < before.claim()) {
        throw new DiskException.LeaseLost("taken by a newer right than " + claim);
      }
      leases.put(disk, new Lease(host, before.epoch() + 1, claim.number()));
      attached.put(disk.value(), before.epoch() + 1);
      world.note(host + ": has the lease of " + disk.value());
    }

    private boolean holds(DiskId disk) {
      Lease lease = lease(disk);
      return lease.holder().equals(host)
          && attached.getOrDefault(disk.value(), -1L) == lease.epoch();
    }

    @Override
    public void release(List<DiskId> disks) throws DiskException {
      trouble();
      for (DiskId disk : disks) {
        if (holds(disk)) {
          leases.put(disk, new Lease("", lease(disk).epoch(), lease(disk).claim()));
          world.note(host + ": released " + disk.value());
        }
      }
      trouble();
    }

    @Override
    public void detach(List<DiskId> disks) throws DiskException {
      trouble();
      for (DiskId disk : disks) {
        if (holds(disk)) {
          leases.put(disk, new Lease("", lease(disk).epoch(), lease(disk).claim()));
        }
        attached.remove(disk.value());
      }
    }

    @Override
    public boolean leasesAreOurs(List<DiskId> disks) throws DiskException {
      trouble();
      return disks.stream().allMatch(disk -> lease(disk).holder().equals(host));
    }

    @Override
    public List<CopyView.DiskView> view(List<DiskId> disks) {
      return disks.stream()
          .filter(disk -> attached.containsKey(disk.value()))
          .map(disk ->
              new CopyView.DiskView(
                  disk.value(),
                  holds(disk) ? "HOLDER" : "OBSERVER",
                  attached.getOrDefault(disk.value(), 0L)))
          .toList();
    }

    @Override
    public Optional<String> trouble(List<DiskId> disks) {
      return Optional.empty();
    }
  }
}
