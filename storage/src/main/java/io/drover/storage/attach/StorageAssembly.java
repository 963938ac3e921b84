package io.drover.storage.attach;

import io.drover.storage.controller.ControllerContext;
import io.drover.storage.controller.ControllerSettings;
import io.drover.storage.controller.DiskMetrics;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.meta.DiskMetadata;
import io.drover.storage.meta.ZooKeeperDiskCatalog;
import io.drover.storage.meta.ZooKeeperDiskMetadata;
import io.drover.storage.nbd.NbdServer;
import io.drover.storage.replica.ReplicaDirectory;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;

/**
 * Puts a node's side of the disks together: the catalogue, and the attachments with their
 * controllers and NBD exports.
 *
 * <p>The caller owns what it passes in and closes it after this.
 */
public final class StorageAssembly implements AutoCloseable {
  private final DiskCatalog catalog;
  private final LocalAttachments attachments;
  private final CollectorRegistry registry;
  private final AttachmentCollector collector;

  private StorageAssembly(
      DiskCatalog catalog, LocalAttachments attachments, CollectorRegistry registry) {
    this.catalog = catalog;
    this.attachments = attachments;
    this.registry = registry;
    this.collector = new AttachmentCollector(attachments);
    registry.register(collector);
  }

  /**
   * Assembles with metrics in the default registry.
   *
   * @param nodeId the identity under which leases are held; the same after a restart
   * @param curator started, and rooted at the project's chroot
   * @param sockets directory of the NBD sockets, made when it is missing
   */
  public static StorageAssembly start(
      String nodeId,
      CuratorFramework curator,
      ReplicaDirectory replicas,
      Path sockets,
      ControllerSettings settings,
      NbdServer nbd)
      throws IOException {
    return start(
        nodeId,
        curator,
        replicas,
        sockets,
        settings,
        nbd,
        DiskMetrics.shared(),
        CollectorRegistry.defaultRegistry);
  }

  /** For several nodes in one process, each with metrics of its own. */
  public static StorageAssembly start(
      String nodeId,
      CuratorFramework curator,
      ReplicaDirectory replicas,
      Path sockets,
      ControllerSettings settings,
      NbdServer nbd,
      DiskMetrics metrics,
      CollectorRegistry registry)
      throws IOException {
    Files.createDirectories(sockets);
    // A read of the metadata that takes longer could not confirm a lease in time anyway.
    Duration syncTimeout = settings.leaseInterval().dividedBy(2);
    DiskMetadata metadata = new ZooKeeperDiskMetadata(curator, syncTimeout);
    ControllerContext context =
        new ControllerContext(nodeId, settings, metadata, replicas, metrics);
    // Catalogue and attachments need each other: snapshots at rest, places of new containers.
    List<LocalAttachments> made = new ArrayList<>(1);
    ZooKeeperDiskCatalog catalog =
        new ZooKeeperDiskCatalog(
            curator, syncTimeout, replicas, (disk, name) -> made.getFirst().snapshot(disk, name));
    LocalAttachments attachments = new LocalAttachments(context, nbd, sockets, catalog::place);
    made.add(attachments);
    return new StorageAssembly(catalog, attachments, registry);
  }

  public DiskCatalog catalog() {
    return catalog;
  }

  public DiskAttachments attachments() {
    return attachments;
  }

  /** Ends exports and controllers; leases stay with this node. */
  @Override
  public void close() {
    registry.unregister(collector);
    attachments.close();
  }
}
