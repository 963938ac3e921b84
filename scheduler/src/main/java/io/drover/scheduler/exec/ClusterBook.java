package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What this scheduler knows of hosts and machines: their records, and what agents last said.
 *
 * <p>Times are those of arrival here, because the clocks of hosts are not compared.
 */
final class ClusterBook {
  private final ExecutionSettings limits;
  private final Instant since;
  private final Map<String, VmRecord> vms = new TreeMap<>();
  private final Map<String, HostRecord> hosts = new TreeMap<>();
  private final Map<String, Seen> reports = new HashMap<>();
  private final Map<String, Instant> touched = new HashMap<>();

  /**
   * A report and when it came.
   *
   * @param before when the one before it came; an agent makes one at a time, so this one was begun
   *     after that
   * @param byVm how its machines are, by id
   */
  record Seen(
      AgentReport report,
      Instant at,
      Optional<Instant> before,
      Map<String, AgentReport.VmReport> byVm) {}

  ClusterBook(ExecutionSettings limits, Instant since) {
    this.limits = limits;
    this.since = since;
  }

  /** True when this is the first report of that agent process. */
  boolean report(AgentReport report, Instant now) {
    Map<String, AgentReport.VmReport> byVm = new HashMap<>();
    report.vms().forEach(vm -> byVm.put(vm.vm(), vm));
    Optional<Instant> before =
        seen(report.node())
            .filter(seen -> seen.report().startedAt().equals(report.startedAt()))
            .map(Seen::at);
    reports.put(report.node(), new Seen(report, now, before, byVm));
    return before.isEmpty();
  }

  /**
   * Takes what was read of all records. A record that was changed by this scheduler while the
   * others were read is newer than what was read.
   */
  void refresh(List<VmRecord> readVms, List<HostRecord> readHosts) {
    Map<String, VmRecord> knownVms = Map.copyOf(vms);
    Map<String, HostRecord> knownHosts = Map.copyOf(hosts);
    vms.clear();
    hosts.clear();
    touched.keySet().retainAll(readVms.stream().map(vm -> vm.spec().id().value()).toList());
    for (VmRecord read : readVms) {
      put(
          Optional.ofNullable(knownVms.get(read.spec().id().value()))
              .filter(known -> known.placement().revision() > read.placement().revision())
              .orElse(read));
    }
    for (HostRecord read : readHosts) {
      put(
          Optional.ofNullable(knownHosts.get(read.host()))
              .filter(known -> known.revision() > read.revision())
              .orElse(read));
    }
  }

  void put(VmRecord vm) {
    vms.put(vm.spec().id().value(), vm);
  }

  void put(HostRecord host) {
    hosts.put(host.host(), host);
  }

  void removeVm(String id) {
    vms.remove(id);
  }

  List<VmRecord> vms() {
    return List.copyOf(vms.values());
  }

  List<HostRecord> hosts() {
    return List.copyOf(hosts.values());
  }

  Optional<VmRecord> vm(String id) {
    return Optional.ofNullable(vms.get(id));
  }

  /** Finds a machine by name or, failing that, by id. */
  Optional<VmRecord> vmNamed(String nameOrId) {
    return vms.values().stream()
        .filter(vm -> vm.spec().name().equals(nameOrId))
        .findFirst()
        .or(() -> vm(nameOrId));
  }

  /** The name of a machine for people; its id when nothing else is known. */
  String nameOf(String vmId) {
    return vm(vmId).map(vm -> vm.spec().name()).orElse(vmId);
  }

  Optional<HostRecord> host(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  Optional<Seen> seen(String host) {
    return Optional.ofNullable(reports.get(host));
  }

  List<Seen> allSeen() {
    return List.copyOf(reports.values());
  }

  /** What the host that a machine is placed on last said of it. */
  Optional<AgentReport.VmReport> reported(VmRecord vm) {
    return vm.placement()
        .host()
        .flatMap(this::seen)
        .flatMap(seen -> Optional.ofNullable(seen.byVm().get(vm.spec().id().value())));
  }

  /** Something was done to a machine: what its hosts said before tells nothing any more. */
  void touched(String vm, Instant now) {
    touched.put(vm, now);
  }

  /**
   * Whether the newest report of a host tells how a machine is now. It may have been under way when
   * something was done to the machine; so it must have been begun after that.
   */
  boolean tellsOf(String host, String vm) {
    Instant since = touched.get(vm);
    return since == null
        ? seen(host).isPresent()
        : seen(host).flatMap(Seen::before).filter(begun -> !begun.isBefore(since)).isPresent();
  }

  /** Like {@link #reported}; absent if the host reported without mentioning the machine. */
  CopyView copyAtPlace(VmRecord vm) {
    return reported(vm).map(AgentReport.VmReport::copy).orElse(CopyView.absent());
  }

  boolean reachable(String host, Instant now) {
    return seen(host).isPresent() && silence(host, now).compareTo(limits.reportStaleAfter()) < 0;
  }

  /**
   * Whether a host is to be taken for dead. One that sleeps or wakes is silent for a reason, but
   * what is placed on it nevertheless runs nowhere.
   */
  boolean lost(String host, Instant now) {
    return silence(host, now).compareTo(limits.hostLostAfter()) >= 0;
  }

  /** How long a host has been silent; a new scheduler begins to listen when it takes over. */
  Duration silence(String host, Instant now) {
    return Duration.between(seen(host).map(Seen::at).orElse(since), now);
  }

  HostPower powerOf(String host) {
    return host(host).map(HostRecord::power).orElse(HostPower.STANDBY);
  }

  /** Machines that belong to a host, whatever is wished of them. */
  List<VmRecord> placedOn(String host) {
    List<VmRecord> placed = new ArrayList<>();
    for (VmRecord vm : vms.values()) {
      if (vm.placement().host().filter(host::equals).isPresent()) {
        placed.add(vm);
      }
    }
    return placed;
  }
}
