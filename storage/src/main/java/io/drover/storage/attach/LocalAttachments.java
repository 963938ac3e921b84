package io.drover.storage.attach;

import io.drover.storage.controller.ControllerContext;
import io.drover.storage.controller.DiskController;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.meta.Failures;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.OfflineSnapshots;
import io.drover.storage.nbd.NbdServer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The attachments of this process, each with an NBD export in one directory of sockets. */
final class LocalAttachments implements DiskAttachments, OfflineSnapshots {
  private final ControllerContext context;
  private final NbdServer nbd;
  private final Path sockets;
  private final DiskController.Placement placement;
  private final Map<DiskId, LocalAttachment> attached = new ConcurrentHashMap<>();

  /** Two attachments of one disk wait for each other. */
  private final DiskLocks locks = new DiskLocks();

  private volatile boolean closed;

  LocalAttachments(
      ControllerContext context, NbdServer nbd, Path sockets, DiskController.Placement placement) {
    this.context = context;
    this.nbd = nbd;
    this.sockets = sockets;
    this.placement = placement;
  }

  @Override
  public AttachedDisk attach(DiskId disk, AttachMode mode) throws DiskException {
    try (DiskLocks.Held _ = locks.lock(disk)) {
      requireOpen();
      LocalAttachment existing = attached.get(disk);
      if (existing != null) {
        if (mode == AttachMode.HOLDER) {
          existing.takeLease();
        }
        return existing;
      }
      LocalAttachment made = make(disk);
      boolean done = false;
      try {
        if (mode == AttachMode.HOLDER) {
          made.takeLease();
        }
        made.serve();
        attached.put(disk, made);
        done = true;
      } finally {
        if (!done) {
          made.detach();
        }
      }
      return made;
    }
  }

  private LocalAttachment make(DiskId id) throws DiskException {
    try {
      Disk disk = context.metadata().disk(id).value();
      LocalAttachment[] self = new LocalAttachment[1];
      LocalAttachment made =
          new LocalAttachment(
              context,
              disk,
              placement,
              (d, device) -> new DiskExport(nbd, sockets, d, device),
              () -> forget(id, self[0]));
      self[0] = made;
      return made;
    } catch (MetadataException.Missing e) {
      throw DiskException.NotFound.disk(id.value());
    } catch (MetadataException e) {
      throw Failures.of("attaching disk " + id, e);
    }
  }

  private void forget(DiskId id, LocalAttachment attachment) {
    attached.remove(id, attachment);
  }

  @Override
  public Optional<AttachedDisk> find(DiskId disk) {
    return Optional.ofNullable(attached.get(disk));
  }

  @Override
  public List<AttachedDisk> all() {
    return attached.values().stream()
        .sorted(Comparator.comparing((LocalAttachment a) -> a.disk().id()))
        .map(AttachedDisk.class::cast)
        .toList();
  }

  /** Holds the disk for as long as a snapshot takes, without serving it. */
  @Override
  public Disk snapshot(DiskId disk, String name) throws DiskException {
    try (DiskLocks.Held _ = locks.lock(disk)) {
      requireOpen();
      LocalAttachment existing = attached.get(disk);
      if (existing != null && existing.state() == AttachState.HOLDER) {
        return existing.snapshot(name);
      }
      LocalAttachment holder = make(disk);
      try {
        holder.takeLease();
        return holder.snapshot(name);
      } finally {
        holder.detach();
      }
    }
  }

  private void requireOpen() throws DiskException {
    if (closed) {
      throw new DiskException.Unavailable("this node is stopping", null);
    }
  }

  @Override
  public void close() {
    closed = true;
    List.copyOf(attached.values()).forEach(LocalAttachment::close);
  }
}
