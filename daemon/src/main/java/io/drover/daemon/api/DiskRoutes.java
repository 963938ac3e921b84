package io.drover.daemon.api;

import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmRecord;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.attach.DiskAttachments;
import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.disk.DiskStatus;
import io.drover.storage.disk.NewDisk;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Disks: what only changes metadata is done here; what must be ordered with a disk's writes is
 * passed on to the node that holds its lease.
 */
public final class DiskRoutes {
  private static final long MOST_BYTES = 64L << 40;

  private final DiskCatalog catalog;
  private final VmCatalog vms;
  private final Optional<DiskAttachments> attachments;
  private final PassOn passOn;

  private DiskRoutes(
      DiskCatalog catalog, VmCatalog vms, Optional<DiskAttachments> attachments, PassOn passOn) {
    this.catalog = catalog;
    this.vms = vms;
    this.attachments = attachments;
    this.passOn = passOn;
  }

  /**
   * Adds the routes.
   *
   * @param attachments of this node, when it has the role agent
   */
  public static void register(
      ApiRouter router,
      DiskCatalog catalog,
      VmCatalog vms,
      Optional<DiskAttachments> attachments,
      PassOn passOn) {
    DiskRoutes routes = new DiskRoutes(catalog, vms, attachments, passOn);
    router
        .on("GET", "/v1/disks", call -> routes.list())
        .on("POST", "/v1/disks", routes::create)
        .on("GET", "/v1/disks/{disk}", call -> routes.view(call.name("disk")))
        .on("DELETE", "/v1/disks/{disk}", routes::delete)
        .on("POST", "/v1/disks/{disk}/resize", routes::resize)
        .on("POST", "/v1/disks/{disk}/snapshots", routes::snapshot)
        .on("DELETE", "/v1/disks/{disk}/snapshots/{snapshot}", routes::deleteSnapshot)
        .on("POST", "/v1/disks/{disk}/revert", routes::revert)
        .on("POST", "/v1/disks/{disk}/clone", routes::cloneDisk);
  }

  private Object list() throws DiskException {
    return Map.of("disks", catalog.list().stream().map(DiskView::of).toList());
  }

  private DiskView view(String nameOrId) throws DiskException {
    return DiskView.of(catalog.status(nameOrId));
  }

  private DiskView view(Disk disk) throws DiskException {
    return view(disk.id().value());
  }

  private Object create(ApiCall call) throws ApiException, DiskException {
    String name = call.text("name");
    long sizeBytes = call.number("sizeBytes", 1, MOST_BYTES, -1);
    if (sizeBytes < 0) {
      throw ApiException.badRequest("the request lacks 'sizeBytes'", "say how large the disk is");
    }
    int replicas = (int) call.number("replicas", 1, 7, 3);
    DiskPolicy usual = DiskPolicy.replicated(replicas);
    int minInSync = (int) call.number("minInSync", 1, replicas, usual.minInSync());
    int block = (int) call.number("blockSizeBytes", 512, 65_536, usual.blockSizeBytes());
    long container = call.number("containerBytes", 1, 64L << 30, usual.containerBytes());
    Acknowledge acknowledge = acknowledge(call.optionalText("acknowledge"));
    NewDisk request =
        valid(() ->
            new NewDisk(
                name,
                sizeBytes,
                new DiskPolicy(replicas, minInSync, block, container, acknowledge)));
    return view(catalog.create(request));
  }

  private static Acknowledge acknowledge(Optional<String> word) throws ApiException {
    return switch (word.orElse("page-cache")) {
      case "page-cache" -> Acknowledge.PAGE_CACHE;
      case "durable" -> Acknowledge.DURABLE;
      default ->
          throw ApiException.badRequest(
              "'acknowledge' is '" + word.orElse("") + "'", "give page-cache or durable");
    };
  }

  private interface Making<T> {
    T make();
  }

  /** The records check themselves; what they refuse was wrong in the request. */
  private static <T> T valid(Making<T> record) throws ApiException {
    try {
      return record.make();
    } catch (IllegalArgumentException refused) {
      throw ApiException.badRequest(String.valueOf(refused.getMessage()), "correct the request");
    }
  }

  private Object delete(ApiCall call) throws Exception {
    Disk disk = catalog.get(call.name("disk"));
    List<String> users = users(disk.id());
    if (!users.isEmpty()) {
      throw ApiException.conflict(
          "disk '" + disk.name() + "' belongs to VM " + String.join(", ", users),
          "delete the VM first");
    }
    catalog.delete(disk.id().value());
    return Map.of("deleted", disk.id().value(), "name", disk.name());
  }

  private List<String> users(DiskId disk) throws Exception {
    return vms.list().stream()
        .map(VmRecord::spec)
        .filter(spec -> spec.disks().contains(disk))
        .map(spec -> spec.name())
        .toList();
  }

  private Object resize(ApiCall call) throws Exception {
    long sizeBytes = call.number("sizeBytes", 1, MOST_BYTES, -1);
    if (sizeBytes < 0) {
      throw ApiException.badRequest("the request lacks 'sizeBytes'", "say how large it shall be");
    }
    return ordered(
        call,
        disk -> catalog.resize(disk.value(), sizeBytes),
        attached -> attached.resize(sizeBytes));
  }

  private Object snapshot(ApiCall call) throws Exception {
    String name = call.text("name");
    return ordered(
        call, disk -> catalog.snapshot(disk.value(), name), attached -> attached.snapshot(name));
  }

  private Object deleteSnapshot(ApiCall call) throws Exception {
    return view(catalog.deleteSnapshot(call.name("disk"), call.name("snapshot")));
  }

  private Object revert(ApiCall call) throws Exception {
    return view(catalog.revert(call.name("disk"), call.text("snapshot")));
  }

  private Object cloneDisk(ApiCall call) throws Exception {
    return view(catalog.clone(call.name("disk"), call.text("snapshot"), call.text("name")));
  }

  private interface WhenFree {
    Disk change(DiskId disk) throws DiskException;
  }

  private interface WhenHeld {
    Disk change(AttachedDisk disk) throws DiskException;
  }

  /** By the catalogue if nobody holds the disk, else by its holder. */
  private Object ordered(ApiCall call, WhenFree whenFree, WhenHeld whenHeld) throws Exception {
    DiskStatus status = catalog.status(call.name("disk"));
    DiskId disk = status.disk().id();
    String holder = status.holder().orElse("");
    if (holder.isEmpty()) {
      try {
        return view(whenFree.change(disk));
      } catch (DiskException.HeldElsewhere taken) {
        holder = taken.holder();
      }
    }
    if (!passOn.isOwn(holder)) {
      return passOn.to(holder, call);
    }
    AttachedDisk attached =
        attachments
            .flatMap(own -> own.find(disk))
            .orElseThrow(() ->
                ApiException.unavailable(
                    "this node holds the lease of disk '"
                        + status.disk().name()
                        + "' but has not opened it again since its restart",
                    "try again when its VM runs, or end an operator's attachment by `drover disk detach`"));
    return view(whenHeld.change(attached));
  }
}
