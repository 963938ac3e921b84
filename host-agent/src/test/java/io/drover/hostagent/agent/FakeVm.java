package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A hypervisor process that is as a test says; what it is told to do is written down. */
final class FakeVm implements IncomingVm {
  private final VmId id;
  private final long epoch;
  private final List<Consumer<VmEvent>> listeners = new CopyOnWriteArrayList<>();
  final List<String> told = new CopyOnWriteArrayList<>();
  volatile VmRunState state = VmRunState.RUNNING;

  /** What it does when asked to power off; most guests listen. */
  volatile Runnable onPowerDown = () -> end(new VmEvent.Shutdown(id(), true));

  FakeVm(VmId id, long epoch) {
    this.id = id;
    this.epoch = epoch;
  }

  int listeners() {
    return listeners.size();
  }

  void end(VmEvent last) {
    state = VmRunState.EXITED;
    new ArrayList<>(listeners).forEach(listener -> listener.accept(last));
  }

  @Override
  public VmId id() {
    return id;
  }

  @Override
  public long pid() {
    return 1;
  }

  @Override
  public long placementEpoch() {
    return epoch;
  }

  @Override
  public VmRunState state() {
    return state;
  }

  @Override
  public void pause() {
    told.add("pause");
    state = VmRunState.PAUSED;
  }

  @Override
  public void resume() {
    told.add("resume");
    state = VmRunState.RUNNING;
  }

  @Override
  public void reset() {
    told.add("reset");
  }

  @Override
  public void powerDown() {
    told.add("power-down");
    onPowerDown.run();
  }

  @Override
  public void kill() {
    told.add("kill");
    if (state != VmRunState.EXITED) {
      end(new VmEvent.Shutdown(id, false));
    }
  }

  @Override
  public MigrationRun migrateTo(String uri, MigrationLimits limits) throws HypervisorException {
    throw new HypervisorException(HypervisorException.Reason.REFUSED, "does not migrate");
  }

  @Override
  public Optional<MigrationRun> migration() {
    return Optional.empty();
  }

  @Override
  public void announce() {
    told.add("announce");
  }

  @Override
  public List<Long> vcpuThreads() {
    return List.of();
  }

  @Override
  public DiskCounters diskCounters() {
    return new DiskCounters(0, 0, 0, 0);
  }

  @Override
  public Optional<NetCounters> netCounters() {
    return Optional.empty();
  }

  @Override
  public Path consoleLog() {
    return Path.of("console");
  }

  @Override
  public Path consoleSocket() {
    return Path.of("socket");
  }

  @Override
  public void onEvent(Consumer<VmEvent> listener) {
    listeners.add(listener);
  }

  @Override
  public String migrationUri() {
    return "fake:" + id;
  }
}
