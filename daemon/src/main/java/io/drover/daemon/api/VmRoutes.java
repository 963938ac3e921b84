package io.drover.daemon.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.hostagent.vm.VmRecord;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Recording VMs and starting them; everything else about running ones is the scheduler's. */
public final class VmRoutes {
  private final VmCatalog vms;
  private final HostCatalog hosts;
  private final DiskCatalog disks;
  private final Optional<VmPlatform> platform;
  private final SchedulerLink scheduler;
  private final PassOn passOn;

  private VmRoutes(
      VmCatalog vms,
      HostCatalog hosts,
      DiskCatalog disks,
      Optional<VmPlatform> platform,
      SchedulerLink scheduler,
      PassOn passOn) {
    this.vms = vms;
    this.hosts = hosts;
    this.disks = disks;
    this.platform = platform;
    this.scheduler = scheduler;
    this.passOn = passOn;
  }

  /**
   * Adds the routes.
   *
   * @param platform what a VM made for this node is recorded with, when it has the role agent
   */
  public static void register(
      ApiRouter router,
      VmCatalog vms,
      HostCatalog hosts,
      DiskCatalog disks,
      Optional<VmPlatform> platform,
      SchedulerLink scheduler,
      PassOn passOn) {
    VmRoutes routes = new VmRoutes(vms, hosts, disks, platform, scheduler, passOn);
    router
        .on("POST", "/v1/vms", routes::create)
        .on("GET", "/v1/vms/{vm}", call -> vms.get(call.name("vm")))
        .on("POST", "/v1/vms/{vm}/mode", routes::mode)
        .on("POST", "/v1/vms/{vm}/start", routes::start);
  }

  private Object create(ApiCall call) throws Exception {
    Set<String> allowed = new TreeSet<>(texts(call, "allowedHosts"));
    requireHosts(allowed);
    Optional<String> elsewhere = platformOwner(allowed);
    if (elsewhere.isPresent()) {
      return passOn.to(elsewhere.get(), call);
    }
    VmId id = VmId.random();
    String name = call.text("name");
    int vcpus = (int) call.number("vcpus", 1, VmSpec.MAX_VCPUS, 1);
    int memory =
        (int)
            call.number(
                "memoryMebibytes", VmSpec.MIN_MEMORY_MEBIBYTES, VmSpec.MAX_MEMORY_MEBIBYTES, 512);
    int reserved = (int) call.number("reservedMillicores", 0, 4_096_000, 0);
    List<DiskId> attached = disks(call);
    Set<VmId> apart = new HashSet<>();
    for (String other : texts(call, "apartFrom")) {
      apart.add(vms.get(other).spec().id());
    }
    BootSource boot = boot(call);
    VmMode mode = vmMode(call.optionalText("mode").orElse("automatic"));
    String mac = call.optionalText("mac").orElse(VmSpec.macFor(id));
    VmSpec spec;
    try {
      spec =
          new VmSpec(
              id,
              name,
              vcpus,
              memory,
              boot,
              attached,
              mac,
              platform.orElseThrow(),
              mode,
              new VmRequirements(allowed, apart, reserved));
    } catch (IllegalArgumentException refused) {
      throw ApiException.badRequest(String.valueOf(refused.getMessage()), "correct the request");
    }
    return vms.create(spec);
  }

  /**
   * The node whose virtual hardware the VM gets, if that is not this one: an allowed host, so that
   * the VM can run there.
   */
  private Optional<String> platformOwner(Set<String> allowed) throws ApiException {
    boolean ownFits =
        platform.isPresent() && (allowed.isEmpty() || allowed.contains(passOn.peers().own()));
    if (ownFits) {
      return Optional.empty();
    }
    List<String> agents = passOn.peers().withRole("agent");
    return Optional.of(
        agents.stream()
            .filter(node -> allowed.isEmpty() || allowed.contains(node))
            .findFirst()
            .orElseThrow(() ->
                ApiException.unavailable(
                    "none of the hosts that may run the VM is up, so its virtual hardware cannot be chosen",
                    "start one of them: " + (allowed.isEmpty() ? "any agent" : allowed))));
  }

  private void requireHosts(Set<String> names) throws Exception {
    for (String host : names) {
      if (hosts.find(host).isEmpty()) {
        throw ApiException.badRequest(
            "there is no host '" + host + "'", "`drover hosts` shows those that exist");
      }
    }
  }

  private List<DiskId> disks(ApiCall call) throws Exception {
    List<DiskId> wanted = new ArrayList<>();
    List<VmRecord> others = vms.list();
    for (String nameOrId : texts(call, "disks")) {
      DiskId disk = disks.get(nameOrId).id();
      for (VmRecord other : others) {
        if (other.spec().disks().contains(disk)) {
          throw ApiException.badRequest(
              "disk '" + nameOrId + "' belongs to VM " + other.spec().name(),
              "a disk has one VM; clone it for another");
        }
      }
      if (wanted.contains(disk)) {
        throw ApiException.badRequest("disk '" + nameOrId + "' is named twice", "name it once");
      }
      wanted.add(disk);
    }
    return List.copyOf(wanted);
  }

  private static BootSource boot(ApiCall call) throws ApiException {
    Optional<String> kernel = call.optionalText("kernel");
    Optional<String> initrd = call.optionalText("initrd");
    String append = call.optionalText("append").orElse("");
    if (kernel.isEmpty()) {
      if (initrd.isPresent() || !append.isEmpty()) {
        throw ApiException.badRequest(
            "'initrd' and 'append' only make sense with 'kernel'", "give a kernel, too");
      }
      return new BootSource.FirstDisk();
    }
    requireFile("kernel", kernel.get());
    if (initrd.isPresent()) {
      requireFile("initrd", initrd.get());
    }
    return new BootSource.Kernel(kernel.get(), initrd, append);
  }

  private static void requireFile(String field, String path) throws ApiException {
    Path file = Path.of(path);
    if (!file.isAbsolute() || !Files.isReadable(file) || Files.isDirectory(file)) {
      throw ApiException.badRequest(
          "'" + field + "' is '" + path + "', which is not a readable file here",
          "give the absolute path of a file that exists on every host");
    }
  }

  private static VmMode vmMode(String word) throws ApiException {
    try {
      return VmMode.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw ApiException.badRequest(
          "'" + word + "' is not a mode", "give one of automatic, recommend, off");
    }
  }

  private Object mode(ApiCall call) throws Exception {
    VmMode mode = vmMode(call.text("mode"));
    return vms.setMode(vms.get(call.name("vm")).spec().id(), mode);
  }

  /** An operator's attachment would lose its lease to the VM; that must not happen by accident. */
  private Object start(ApiCall call) throws Exception {
    VmRecord vm = vms.get(call.name("vm"));
    if (vm.placement().host().isEmpty()) {
      for (DiskId disk : vm.spec().disks()) {
        DiskStatus status = disks.status(disk.value());
        if (status.holder().isPresent()) {
          throw ApiException.conflict(
              "disk '"
                  + status.disk().name()
                  + "' is open on node "
                  + status.holder().get()
                  + " for an operator",
              "end that by `drover disk detach " + status.disk().name() + "`");
        }
      }
    }
    String host = call.optionalText("host").orElse("");
    return scheduler.get(
        replyTo -> new SchedulerCommand.StartVm(vm.spec().id().value(), host, replyTo));
  }

  private static List<String> texts(ApiCall call, String field) throws ApiException {
    JsonNode value = call.body().path(field);
    List<String> result = new ArrayList<>();
    if (value.isMissingNode() || value.isNull()) {
      return result;
    }
    if (!value.isArray()) {
      throw ApiException.badRequest(
          "'" + field + "' is " + value + ", which is not a list", "send a list of texts");
    }
    for (JsonNode element : value) {
      if (!element.isTextual() || element.textValue().isBlank()) {
        throw ApiException.badRequest(
            "'" + field + "' contains " + element, "send a list of texts that are not empty");
      }
      result.add(element.textValue());
    }
    return result;
  }
}
