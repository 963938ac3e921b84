package io.drover.scheduler.exec;

import io.drover.hostagent.hypervisor.DiskCounters;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.hypervisor.IncomingVm;
import io.drover.hostagent.hypervisor.MigrationLimits;
import io.drover.hostagent.hypervisor.MigrationPhase;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import io.drover.hostagent.hypervisor.NetCounters;
import io.drover.hostagent.hypervisor.RunningVm;
import io.drover.hostagent.hypervisor.VmEvent;
import io.drover.hostagent.hypervisor.VmRunState;
import io.drover.hostagent.vm.VmId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A QEMU process of the simulated world, with what QEMU does at a migration. */
class SimVm implements RunningVm {
  private final SimMachines machines;
  private final SimWorld world;
  private final VmId id;
  private final String host;
  private final int pid;
  private final long epoch;
  private final List<Consumer<VmEvent>> listeners = new ArrayList<>();
  private VmRunState state = VmRunState.PAUSED;
  private Optional<Run> run = Optional.empty();

  /** Which boot of the guest this memory comes from; 0 before there is any. */
  long lineage;

  /** How far the guest has come since that boot. */
  long progress;

  SimVm(SimMachines machines, VmId id, String host, int pid, long epoch) {
    this.machines = machines;
    this.world = machines.world;
    this.id = id;
    this.host = host;
    this.pid = pid;
    this.epoch = epoch;
  }

  /** One that waits for a stream. */
  static final class Incoming extends SimVm implements IncomingVm {
    Incoming(SimMachines machines, VmId id, String host, int pid, long epoch) {
      super(machines, id, host, pid, epoch);
      become(VmRunState.INCOMING);
    }

    @Override
    public String migrationUri() {
      return uri();
    }
  }

  String uri() {
    return "sim:" + host + ":" + pid;
  }

  String host() {
    return host;
  }

  void become(VmRunState next) {
    state = next;
  }

  boolean alive() {
    return state != VmRunState.EXITED;
  }

  boolean runs() {
    return state == VmRunState.RUNNING;
  }

  private boolean waits() {
    return state == VmRunState.INCOMING;
  }

  void boot() {
    lineage = pid;
    become(VmRunState.RUNNING);
  }

  /** kill -9 from outside. */
  void crash() {
    if (alive()) {
      world.note(host + ": process " + pid + " dies");
      end(new VmEvent.Crashed(id, "killed"));
    }
  }

  private void end(VmEvent last) {
    become(VmRunState.EXITED);
    List.copyOf(listeners).forEach(listener -> listener.accept(last));
  }

  void forgetListeners() {
    listeners.clear();
  }

  private void command() throws HypervisorException {
    world.point();
    if (!alive()) {
      throw new HypervisorException(Reason.GONE, "process " + pid + " is gone");
    }
    if (world.fails()) {
      throw new HypervisorException(Reason.TIMED_OUT, "no answer");
    }
  }

  @Override
  public VmId id() {
    return id;
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public long placementEpoch() {
    return epoch;
  }

  @Override
  public VmRunState state() {
    return alive() && world.fails() ? VmRunState.UNKNOWN : state;
  }

  @Override
  public void pause() throws HypervisorException {
    command();
    become(VmRunState.PAUSED);
  }

  @Override
  public void resume() throws HypervisorException {
    command();
    if (state == VmRunState.INCOMING) {
      throw new HypervisorException(Reason.REFUSED, "the stream is not whole");
    }
    become(VmRunState.RUNNING);
    world.note(host + ": process " + pid + " runs");
  }

  @Override
  public void reset() throws HypervisorException {
    command();
  }

  @Override
  public void powerDown() throws HypervisorException {
    command();
    end(new VmEvent.Shutdown(id, true));
  }

  @Override
  public void kill() {
    if (alive()) {
      world.note(host + ": process " + pid + " is killed");
      end(new VmEvent.Shutdown(id, false));
    }
  }

  @Override
  public MigrationRun migrateTo(String uri, MigrationLimits limits) throws HypervisorException {
    command();
    Run begun = new Run(uri);
    run = Optional.of(begun);
    return begun;
  }

  @Override
  public Optional<MigrationRun> migration() throws HypervisorException {
    command();
    return run.map(known -> known);
  }

  @Override
  public void announce() throws HypervisorException {
    command();
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
    return Path.of("/sim/console");
  }

  @Override
  public Path consoleSocket() {
    return Path.of("/sim/socket");
  }

  @Override
  public void onEvent(Consumer<VmEvent> listener) {
    listeners.add(listener);
  }

  /** The sending side. */
  private final class Run implements MigrationRun {
    private final String uri;
    private MigrationPhase phase = MigrationPhase.ACTIVE;

    Run(String uri) {
      this.uri = uri;
    }

    private HypervisorException failed() {
      return new HypervisorException(Reason.MIGRATION_FAILED, "migration is " + phase);
    }

    /** What QEMU does by itself when its peer is gone: the source goes on. */
    private void look() throws HypervisorException {
      world.point();
      if (!alive()) {
        throw new HypervisorException(Reason.GONE, "process " + pid + " is gone");
      }
      if (!phase.ended() && machines.listeningAt(uri).isEmpty()) {
        stop(MigrationPhase.FAILED);
      }
      if (phase == MigrationPhase.FAILED || phase == MigrationPhase.CANCELLED) {
        throw failed();
      }
    }

    private void stop(MigrationPhase how) {
      phase = how;
      // One that has everything already does not mind.
      machines.listeningAt(uri).filter(SimVm::waits).ifPresent(SimVm::crash);
      if (state == VmRunState.POST_MIGRATE) {
        become(VmRunState.RUNNING);
        world.note(host + ": process " + pid + " goes on by itself");
      }
    }

    @Override
    public void awaitPreSwitchover(Duration timeout) throws HypervisorException {
      for (int i = world.random.nextInt(4); i >= 0; i--) {
        look();
      }
      if (world.fails()) {
        throw new HypervisorException(Reason.TIMED_OUT, "does not converge");
      }
      phase = MigrationPhase.PRE_SWITCHOVER;
      become(VmRunState.POST_MIGRATE);
    }

    @Override
    public void continueSwitchover() throws HypervisorException {
      look();
      if (phase != MigrationPhase.PRE_SWITCHOVER) {
        throw new HypervisorException(Reason.REFUSED, "not at the switch-over");
      }
      phase = MigrationPhase.DEVICE;
      // From here on QEMU needs nobody, neither the agent nor the wait for it.
      world.after(world.moment(), this::transfer);
    }

    private void transfer() {
      Optional<SimVm> peer = machines.listeningAt(uri);
      if (!alive() || phase != MigrationPhase.DEVICE) {
        peer.ifPresent(SimVm::crash);
      } else if (peer.isEmpty()) {
        stop(MigrationPhase.FAILED);
      } else {
        peer.get().lineage = lineage;
        peer.get().progress = progress;
        peer.get().become(VmRunState.PAUSED);
        world.after(
            world.moment(),
            () -> {
              if (alive() && phase == MigrationPhase.DEVICE) {
                if (peer.get().alive()) {
                  phase = MigrationPhase.COMPLETED;
                  machines.onCompleted.accept(peer.get());
                } else {
                  stop(MigrationPhase.FAILED);
                }
              }
            });
      }
    }

    @Override
    public void awaitCompleted(Duration timeout) throws HypervisorException {
      for (int i = 0; i < 100; i++) {
        if (phase == MigrationPhase.COMPLETED) {
          return;
        }
        look();
        if (world.fails()) {
          break;
        }
      }
      throw new HypervisorException(Reason.TIMED_OUT, "undecided");
    }

    @Override
    public void cancel() throws HypervisorException {
      command();
      if (!phase.ended()) {
        stop(MigrationPhase.CANCELLED);
      }
    }

    @Override
    public MigrationStats stats() {
      return new MigrationStats(phase, Duration.ofSeconds(1), Duration.ofMillis(50), 1, 0, 1, 0);
    }
  }
}
