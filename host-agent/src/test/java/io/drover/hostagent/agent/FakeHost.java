package io.drover.hostagent.agent;

import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigReader;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmLaunch;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.storage.attach.AttachState;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.LeaseClaim;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything around the agent of the host {@code h1}, in memory: a hypervisor, disks, the records
 * of machines, and a gate. Each can be told to fail a number of times.
 */
final class FakeHost {
  static final String NAME = "h1";
  private static final VmPlatform PLATFORM = new VmPlatform("pc", "cpu", Accelerator.TCG);

  final Map<VmId, VmRecord> records = new ConcurrentHashMap<>();
  final List<FakeVm> processes = new CopyOnWriteArrayList<>();
  final Map<String, AttachState> attached = new ConcurrentHashMap<>();
  final AtomicInteger gateFailures = new AtomicInteger();
  final AtomicInteger adoptions = new AtomicInteger();
  volatile boolean intentOpen;

  /** Called before the record of a machine is looked up. */
  volatile Lookup beforeFind = vm -> {};

  /** Called before processes are adopted. */
  volatile Runnable beforeAdopt = () -> {};

  /** Called before disks are attached. */
  volatile Runnable beforeAttach = () -> {};

  /** May refuse, or change the record under the eyes of the caller. */
  interface Lookup {
    void of(String vm) throws VmCatalogException;
  }

  /** A machine of this name that is placed somewhere. */
  VmRecord place(String id, Optional<String> host, long epoch, DesiredState desired) {
    VmId vm = new VmId(id);
    VmSpec spec =
        new VmSpec(
            vm,
            id,
            1,
            64,
            new BootSource.FirstDisk(),
            List.of(new DiskId("disk-" + id)),
            VmSpec.macFor(vm),
            PLATFORM,
            VmMode.AUTOMATIC,
            VmRequirements.NONE);
    VmRecord record = new VmRecord(spec, new VmPlacement(vm, host, epoch, desired, 0));
    records.put(vm, record);
    return record;
  }

  /** One that is to run here and does, as an earlier agent left it. */
  FakeVm running(String id, long epoch) {
    place(id, Optional.of(NAME), epoch, DesiredState.RUNNING);
    FakeVm vm = new FakeVm(new VmId(id), epoch);
    processes.add(vm);
    return vm;
  }

  AttachState disk(String vm) {
    return attached.getOrDefault("disk-" + vm, AttachState.RELEASED);
  }

  static AgentSettings settings(String written) throws Exception {
    var config =
        ConfigFactory.parseString(written)
            .withFallback(ConfigFactory.parseResourcesAnySyntax("reference.conf"))
            .resolve();
    return ConfigReader.read(
        config.withOnlyPath("drover.agent"),
        root -> AgentSettings.read(root.section("drover").section("agent")));
  }

  AgentCore core(Path folder, String settings) throws Exception {
    return new AgentCore(
        NAME,
        "127.0.0.1",
        new Hypervisor(),
        new Disks(),
        new Catalog(),
        new Hosts(),
        new Gate(),
        (vm, now) -> Optional.empty(),
        settings(settings),
        folder,
        new AgentMetrics(new CollectorRegistry()));
  }

  private final class Gate implements OrderGate {
    private void ask() throws OrderRefusedException {
      if (gateFailures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new OrderRefusedException("ZooKeeper cannot be asked");
      }
    }

    @Override
    public void admit(Order order) throws OrderRefusedException {
      ask();
    }

    @Override
    public boolean intentOpen(String vm) throws OrderRefusedException {
      ask();
      return intentOpen;
    }
  }

  private final class Hypervisor implements HypervisorDriver {
    @Override
    public RunningVm start(VmLaunch launch) {
      return launch(launch, VmRunState.RUNNING);
    }

    private FakeVm launch(VmLaunch launch, VmRunState state) {
      FakeVm vm = new FakeVm(launch.spec().id(), launch.placementEpoch());
      vm.state = state;
      processes.add(vm);
      return vm;
    }

    @Override
    public IncomingVm startIncoming(VmLaunch launch, String listenAddress)
        throws HypervisorException {
      return launch(launch, VmRunState.INCOMING);
    }

    @Override
    public List<RunningVm> adopt(Map<VmId, Long> expected) {
      adoptions.incrementAndGet();
      beforeAdopt.run();
      List<RunningVm> adopted = new ArrayList<>();
      for (FakeVm vm : processes) {
        if (vm.state != VmRunState.EXITED
            && Long.valueOf(vm.placementEpoch()).equals(expected.get(vm.id()))) {
          adopted.add(vm);
        }
      }
      return adopted;
    }

    @Override
    public Accelerator accelerator() {
      return PLATFORM.accelerator();
    }

    @Override
    public String machineType() {
      return PLATFORM.machineType();
    }

    @Override
    public String cpuModel() {
      return PLATFORM.cpuModel();
    }
  }

  private final class Disks implements VmDisks {
    @Override
    public List<DiskAttachment> attach(List<DiskId> disks) {
      beforeAttach.run();
      List<DiskAttachment> served = new ArrayList<>();
      for (DiskId disk : disks) {
        attached.putIfAbsent(disk.value(), AttachState.OBSERVER);
        served.add(new DiskAttachment(disk, Path.of(disk.value()), disk.value()));
      }
      return served;
    }

    @Override
    public void takeLeases(List<DiskId> disks, LeaseClaim claim) {
      disks.forEach(disk -> attached.put(disk.value(), AttachState.HOLDER));
    }

    @Override
    public void seizeLeases(List<DiskId> disks, LeaseClaim claim) {
      takeLeases(disks, claim);
    }

    @Override
    public void release(List<DiskId> disks) {
      disks.forEach(disk -> attached.put(disk.value(), AttachState.RELEASED));
    }

    @Override
    public void detach(List<DiskId> disks) {
      disks.forEach(disk -> attached.remove(disk.value()));
    }

    @Override
    public boolean leasesAreOurs(List<DiskId> disks) {
      return true;
    }

    @Override
    public List<CopyView.DiskView> view(List<DiskId> disks) {
      return disks.stream()
          .filter(disk -> attached.containsKey(disk.value()))
          .map(disk ->
              new CopyView.DiskView(
                  disk.value(),
                  attached.getOrDefault(disk.value(), AttachState.RELEASED).name(),
                  1))
          .toList();
    }

    @Override
    public Optional<String> trouble(List<DiskId> disks) {
      return Optional.empty();
    }
  }

  private final class Catalog implements VmCatalog {
    @Override
    public VmRecord create(VmSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<VmRecord> find(String id) throws VmCatalogException {
      beforeFind.of(id);
      return Optional.ofNullable(records.get(new VmId(id)));
    }

    @Override
    public List<VmRecord> list() {
      return List.copyOf(records.values());
    }

    @Override
    public VmPlacement place(
        VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public VmRecord setMode(VmId vm, VmMode mode) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(VmId vm) {
      records.remove(vm);
    }
  }

  private static final class Hosts implements HostCatalog {
    @Override
    public List<HostRecord> list() {
      return List.of();
    }

    @Override
    public Optional<HostRecord> find(String host) {
      return Optional.empty();
    }

    @Override
    public HostRecord change(HostRecord next) {
      throw new UnsupportedOperationException();
    }
  }

  /** An order on behalf of the scheduler. */
  static Order order(String step) {
    return Order.ofPlacement(1, "test", step);
  }
}
