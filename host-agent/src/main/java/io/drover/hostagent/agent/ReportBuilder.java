package io.drover.hostagent.agent;

import io.drover.hostagent.agent.AgentReport.CopyProgress;
import io.drover.hostagent.agent.AgentReport.VmReport;
import io.drover.hostagent.demand.DemandSample;
import io.drover.hostagent.demand.DemandSampler;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.MigrationRun;
import io.drover.hostagent.hypervisor.MigrationStats;
import io.drover.hostagent.vm.VmId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at every machine on the host and says how it is and what it demands. Blocking. */
final class ReportBuilder {
  private final String node;
  private final LocalVms locals;
  private final VmDisks disks;
  private final DemandSampler sampler;
  private final DemandLog log;

  ReportBuilder(String node, LocalVms locals, VmDisks disks, DemandSampler sampler, DemandLog log) {
    this.node = node;
    this.locals = locals;
    this.disks = disks;
    this.sampler = sampler;
    this.log = log;
  }

  List<VmReport> build(Instant now) {
    List<VmReport> reports = new ArrayList<>();
    for (LocalVm local : locals.all()) {
      reports.add(report(local, now));
    }
    return reports;
  }

  private VmReport report(LocalVm local, Instant now) {
    VmId vm = local.spec().id();
    CopyView view = locals.view(vm);
    Optional<Sample> sample = sampler.sample(local.process(), now).map(ReportBuilder::plain);
    sample.ifPresent(taken -> log.add(vm, taken));
    return new VmReport(vm.value(), view, trouble(local, view), sample, progress(local));
  }

  private String trouble(LocalVm local, CopyView view) {
    return switch (view.state()) {
      case RUNNING, PAUSED, INCOMING, POST_MIGRATE ->
          disks.trouble(local.spec().disks()).orElse("");
      case IO_ERROR, EXITED, POWERED_OFF, ABSENT -> local.trouble();
      case UNKNOWN -> "its hypervisor does not answer";
    };
  }

  private Optional<CopyProgress> progress(LocalVm local) {
    Optional<MigrationRun> run = local.run();
    if (run.isEmpty()) {
      return Optional.empty();
    }
    try {
      MigrationStats stats = run.get().stats();
      return Optional.of(
          new CopyProgress(
              stats.transferredBytes(), stats.remainingBytes(), stats.dirtiedBytesPerSecond()));
    } catch (HypervisorException e) {
      AgentLog.trouble(node, local.spec().id(), "cannot tell how far its copying is", e);
      return Optional.empty();
    }
  }

  private static Sample plain(DemandSample s) {
    return new Sample(
        s.at(),
        s.cpuUsedCores(),
        s.cpuWaitedCores(),
        s.memoryBytes(),
        s.diskReadBytesPerSecond(),
        s.diskWriteBytesPerSecond(),
        s.netReceiveBytesPerSecond(),
        s.netTransmitBytesPerSecond());
  }
}
