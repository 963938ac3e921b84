package io.drover.hostagent.agent;

import io.drover.hostagent.demand.DemandSampler;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostCatalogException;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.hypervisor.HypervisorDriver;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmId;
import io.prometheus.client.Histogram;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What an agent does, without the actor that is told to: steps, checks, reports.
 *
 * <p>One per process. It outlives the actor system, which ends whenever this node is taken out of
 * the cluster, so that a step under way is never overtaken by one of the next system. Blocking;
 * safe for use by many threads: what concerns one machine happens one after the other.
 */
public final class AgentCore {
  private final String node;
  private final HostCatalog hosts;
  private final LocalVms locals;
  private final StepRunner runner;
  private final VmSupervisor supervisor;
  private final ReportBuilder reports;
  private final DemandLog demandLog;
  private final AgentMetrics metrics;
  private final Turns turns = new Turns();
  private final ReentrantLock adopting = new ReentrantLock();
  private volatile boolean adopted;
  private volatile Runnable onChange = () -> {};

  /**
   * @param listenAddress where copies that move here accept their stream
   * @param samplesFolder where recent demand is kept over a restart
   */
  public AgentCore(
      String node,
      String listenAddress,
      HypervisorDriver hypervisor,
      VmDisks disks,
      VmCatalog catalog,
      HostCatalog hosts,
      OrderGate gate,
      DemandSampler sampler,
      AgentSettings settings,
      Path samplesFolder,
      AgentMetrics metrics) {
    this.node = node;
    this.hosts = hosts;
    this.metrics = metrics;
    locals = new LocalVms(disks, this::changed, metrics);
    VmSteps steps =
        new VmSteps(
            node, hypervisor, disks, catalog, locals, StepLimits.of(listenAddress, settings));
    runner = new StepRunner(node, gate, this::hostRefusal, steps, locals);
    supervisor = new VmSupervisor(node, hypervisor, disks, catalog, gate, locals, steps, metrics);
    demandLog = new DemandLog(node, samplesFolder, settings.supervision().historySamples());
    reports = new ReportBuilder(node, locals, disks, sampler, demandLog);
  }

  /** Called, on any thread, after something happened to a machine that a check should look at. */
  void onChange(Runnable listener) {
    onChange = listener;
  }

  private void changed() {
    onChange.run();
  }

  /**
   * Finds out what runs here, once; a repetition does nothing. No order is taken before.
   *
   * @throws IllegalStateException when the records of the machines cannot be read
   */
  public void adopt() {
    adopting.lock();
    try {
      if (!adopted) {
        supervisor.adopt();
        adopted = true;
        AgentLog.node(node, "agent ready with " + locals.all().size() + " machines");
      }
    } catch (VmCatalogException e) {
      throw new IllegalStateException(
          "cannot find out which machines belong here: " + e.getMessage(), e);
    } finally {
      adopting.unlock();
    }
  }

  /** Carries an order out once, in its turn, and answers it. */
  public StepReply run(Order order, VmId vm, AgentStep step) {
    if (!adopted) {
      return new StepReply.Refused(order, node, "the agent has not looked yet at what runs here");
    }
    String name = step.getClass().getSimpleName();
    turns.begin(vm);
    Histogram.Timer timer = metrics.stepSeconds.labels(name).startTimer();
    try {
      StepReply reply = runner.run(order, vm, step);
      metrics.steps.labels(name, result(reply)).inc();
      return reply;
    } finally {
      timer.observeDuration();
      turns.end(vm);
    }
  }

  /**
   * Makes a copying that the machine's turn is spent on give up, if the order may be carried out
   * and undoes a move; to be called before the order waits for its turn.
   */
  public void breakOff(Order order, VmId vm, AgentStep step) {
    if (adopted && breaksOff(step) && turns.taken(vm)) {
      runner.interruptFor(order, vm);
    }
  }

  /** Looks after one machine. */
  public void check(VmId vm) {
    turns.begin(vm);
    try {
      supervisor.check(vm);
    } finally {
      turns.end(vm);
    }
  }

  /** The machines with a copy here. */
  public List<VmId> vms() {
    return locals.all().stream().map(local -> local.spec().id()).toList();
  }

  /** How every machine is and what it demanded since the report before. */
  public List<AgentReport.VmReport> report(Instant now) {
    List<AgentReport.VmReport> built = reports.build(now);
    metrics.showStates(built);
    return built;
  }

  /** Recent demand of the machines that are, or were lately, here, in portions fit for sending. */
  public List<VmHistory> histories() {
    return demandLog.all();
  }

  /** The same for one machine. */
  public List<VmHistory> history(VmId vm) {
    return demandLog.of(vm);
  }

  /** Takes over the demand that another host has seen of a machine. */
  public void keep(VmHistory history) {
    demandLog.merge(history);
  }

  private Optional<String> hostRefusal() {
    try {
      Optional<HostRecord> record = hosts.find(node);
      return record
          .filter(known -> !known.takesVms())
          .map(known -> "host " + node + " is " + known.power() + " and takes no machines");
    } catch (HostCatalogException e) {
      return Optional.of(
          "whether host " + node + " takes machines cannot be found out: " + e.getMessage());
    }
  }

  private static String result(StepReply reply) {
    return switch (reply) {
      case StepReply.Done ignored -> "done";
      case StepReply.Failed ignored -> "failed";
      case StepReply.Refused ignored -> "refused";
    };
  }

  private static boolean breaksOff(AgentStep step) {
    return switch (step) {
      case AgentStep.DropIncoming ignored -> true;
      case AgentStep.TakeBack ignored -> true;
      // What the source still waits for ends by itself; broken off, it might let the source go on.
      case AgentStep.EndSource ignored -> false;
      case AgentStep.StopVm stop -> stop.force();
      case AgentStep.StartVm ignored -> false;
      case AgentStep.ResetVm ignored -> false;
      case AgentStep.PrepareIncoming ignored -> false;
      case AgentStep.PreCopy ignored -> false;
      case AgentStep.ReleaseDisks ignored -> false;
      case AgentStep.TakeDisks ignored -> false;
      case AgentStep.SwitchOver ignored -> false;
      case AgentStep.ResumeIncoming ignored -> false;
      case AgentStep.Inspect ignored -> false;
    };
  }
}
