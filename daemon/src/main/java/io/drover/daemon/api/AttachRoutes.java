package io.drover.daemon.api;

import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmRecord;
import io.drover.storage.attach.AttachMode;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.attach.DiskAttachments;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskStatus;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk opened for an operator's tools, on a node with the role agent.
 *
 * <p>Such an attachment is a lease like a VM's, so a disk has either a VM or an operator, never
 * both: the check here is for a clear message, the lease is what holds.
 */
public final class AttachRoutes {
  private static final Logger log = LoggerFactory.getLogger(AttachRoutes.class);
  private static final String AGENT = "agent";

  private final DiskCatalog catalog;
  private final VmCatalog vms;
  private final Optional<DiskAttachments> attachments;
  private final Optional<InetSocketAddress> tcp;
  private final PassOn passOn;

  private AttachRoutes(
      DiskCatalog catalog,
      VmCatalog vms,
      Optional<DiskAttachments> attachments,
      Optional<InetSocketAddress> tcp,
      PassOn passOn) {
    this.catalog = catalog;
    this.vms = vms;
    this.attachments = attachments;
    this.tcp = tcp;
    this.passOn = passOn;
  }

  /**
   * Adds the routes.
   *
   * @param attachments of this node, when it has the role agent
   * @param tcp where this node serves its disks by TCP, if it does
   */
  public static void register(
      ApiRouter router,
      DiskCatalog catalog,
      VmCatalog vms,
      Optional<DiskAttachments> attachments,
      Optional<InetSocketAddress> tcp,
      PassOn passOn) {
    AttachRoutes routes = new AttachRoutes(catalog, vms, attachments, tcp, passOn);
    router
        .on("POST", "/v1/disks/{disk}/attach", routes::attach)
        .on("POST", "/v1/disks/{disk}/detach", routes::detach);
  }

  /**
   * Where an attached disk can be opened.
   *
   * @param uri the one for tools on the same machine
   */
  record Attached(String disk, String node, String uri, List<String> uris) {
    Attached {
      uris = List.copyOf(uris);
    }
  }

  private Object attach(ApiCall call) throws Exception {
    Disk disk = catalog.get(call.name("disk"));
    refuseIfUsed(disk);
    if (attachments.isEmpty()) {
      return passOn.to(agent(), call);
    }
    AttachedDisk attached = attachments.get().attach(disk.id(), AttachMode.HOLDER);
    attached.offerByTcp();
    log.atInfo().addKeyValue("disk", disk.id()).log("disk attached for an operator");
    String unix = "nbd+unix:///" + attached.exportName() + "?socket=" + attached.nbdSocket();
    List<String> uris = new ArrayList<>(List.of(unix));
    tcp.ifPresent(address ->
        uris.add(
            "nbd://"
                + address.getAddress().getHostAddress()
                + ":"
                + address.getPort()
                + "/"
                + attached.exportName()));
    return new Attached(disk.id().value(), passOn.peers().own(), unix, uris);
  }

  private Object detach(ApiCall call) throws Exception {
    DiskStatus status = catalog.status(call.name("disk"));
    refuseIfUsed(status.disk());
    String holder = status.holder().orElse("");
    if (holder.isEmpty()) {
      throw ApiException.conflict(
          "disk '" + status.disk().name() + "' is not attached anywhere",
          "nothing needs to be done");
    }
    boolean force = call.flag("force");
    if (!force && !passOn.isOwn(holder)) {
      return passOn.to(holder, call);
    }
    if (attachments.isEmpty()) {
      return passOn.to(agent(), call);
    }
    close(status, force);
    log.atInfo()
        .addKeyValue("disk", status.disk().id())
        .addKeyValue("force", force)
        .log("operator's attachment ended");
    return DiskView.of(catalog.status(status.disk().id().value()));
  }

  /**
   * The attachment may be of an earlier process of this node; then its lease is taken over first.
   */
  private void close(DiskStatus status, boolean force) throws Exception {
    DiskAttachments own = attachments.orElseThrow();
    AttachedDisk attached =
        own.attach(status.disk().id(), force ? AttachMode.OBSERVER : AttachMode.HOLDER);
    // A machine that was placed since the first look has the very same attachment.
    refuseIfUsed(status.disk());
    if (force) {
      attached.seizeLease();
    }
    attached.release();
    attached.detach();
  }

  private void refuseIfUsed(Disk disk) throws Exception {
    for (VmRecord vm : vms.list()) {
      boolean placed =
          vm.placement().host().isPresent() || vm.placement().desired() == DesiredState.RUNNING;
      if (placed && vm.spec().disks().contains(disk.id())) {
        throw ApiException.conflict(
            "disk '" + disk.name() + "' is in use by VM " + vm.spec().name(),
            "stop the VM first: drover vm stop " + vm.spec().name());
      }
    }
  }

  private String agent() throws ApiException {
    return passOn.peers().withRole(AGENT).stream()
        .findFirst()
        .orElseThrow(() ->
            ApiException.unavailable(
                "no node with the role agent runs, and only such a node can open a disk",
                "start one"));
  }
}
