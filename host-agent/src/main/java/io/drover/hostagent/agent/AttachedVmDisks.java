package io.drover.hostagent.agent;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.storage.attach.AttachMode;
import io.drover.storage.attach.AttachState;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.attach.DiskAttachments;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.LeaseClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Serves machines' disks through the store's attachments of this process. */
public final class AttachedVmDisks implements VmDisks {
  private final String node;
  private final DiskAttachments attachments;
  private final DiskCatalog catalog;

  public AttachedVmDisks(String node, DiskAttachments attachments, DiskCatalog catalog) {
    this.node = node;
    this.attachments = attachments;
    this.catalog = catalog;
  }

  @Override
  public List<DiskAttachment> attach(List<DiskId> disks) throws DiskException {
    List<DiskAttachment> attached = new ArrayList<>();
    for (DiskId disk : disks) {
      AttachedDisk served = attachments.attach(disk, AttachMode.OBSERVER);
      attached.add(new DiskAttachment(disk, served.nbdSocket(), served.exportName()));
    }
    return attached;
  }

  @Override
  public void takeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException {
    for (DiskId disk : disks) {
      require(disk).takeLease(claim);
    }
  }

  @Override
  public void seizeLeases(List<DiskId> disks, LeaseClaim claim) throws DiskException {
    for (DiskId disk : disks) {
      AttachedDisk served = require(disk);
      if (served.state() != AttachState.HOLDER) {
        served.seizeLease(claim);
      }
    }
  }

  @Override
  public void release(List<DiskId> disks) throws DiskException {
    for (DiskId disk : disks) {
      require(disk).release();
    }
  }

  @Override
  public void detach(List<DiskId> disks) {
    for (DiskId disk : disks) {
      attachments.find(disk).ifPresent(AttachedDisk::detach);
    }
  }

  @Override
  public boolean leasesAreOurs(List<DiskId> disks) throws DiskException {
    for (DiskId disk : disks) {
      if (!catalog.status(disk.value()).holder().equals(Optional.of(node))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<CopyView.DiskView> view(List<DiskId> disks) {
    List<CopyView.DiskView> views = new ArrayList<>();
    for (DiskId disk : disks) {
      attachments
          .find(disk)
          .ifPresent(served ->
              views.add(
                  new CopyView.DiskView(disk.value(), served.state().name(), served.leaseEpoch())));
    }
    return views;
  }

  @Override
  public Optional<String> trouble(List<DiskId> disks) {
    for (DiskId disk : disks) {
      Optional<AttachedDisk> served = attachments.find(disk);
      if (served.isEmpty()) {
        return Optional.of("disk " + disk + " is not attached");
      }
      if (served.get().state() == AttachState.HOLDER && !served.get().health().healthy()) {
        return Optional.of(
            "disk "
                + disk
                + " waits: "
                + served.get().health().lastError().orElse("too few replicas in sync"));
      }
    }
    return Optional.empty();
  }

  private AttachedDisk require(DiskId disk) throws DiskException {
    return attachments
        .find(disk)
        .orElseThrow(
            () -> new DiskException.NotFound("disk " + disk + " is not attached on node " + node));
  }
}
