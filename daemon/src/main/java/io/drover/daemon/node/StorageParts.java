package io.drover.daemon.node;

import io.drover.storage.attach.DiskAttachments;
import io.drover.storage.attach.StorageAssembly;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.meta.StorageNodeRegistration;
import io.drover.storage.meta.ZooKeeperStorageNodes;
import io.drover.storage.nbd.NbdServer;
import io.drover.storage.node.ClusterReplicas;
import io.drover.storage.node.StorageNodeService;
import io.drover.storage.replica.ReplicaService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;

/**
 * What a node does with disks: keeps replicas (role storage), and knows the catalogue and opens
 * disks (every node; only those with the role agent do so for VMs and operators).
 *
 * <p>None of it depends on membership in the cluster.
 *
 * @param nbdAddress where open disks are served by TCP, if they are
 */
record StorageParts(
    DiskCatalog catalog, DiskAttachments attachments, Optional<InetSocketAddress> nbdAddress) {
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Starts the parts and leaves their end to the lifecycle. */
  static StorageParts start(
      DroverSettings settings, CuratorFramework coordination, Lifecycle lifecycle)
      throws IOException {
    NodeSettings node = settings.node();
    StorageSettings storage = settings.storage();
    Map<String, ReplicaService> local = Map.of();
    if (node.has(Role.STORAGE)) {
      StorageNodeService service =
          lifecycle.add(
              "storage",
              StorageNodeService.start(
                  node.id(),
                  storage.store(),
                  storage.replica(),
                  node.dataDir().resolve("store"),
                  InetAddress.getByName(node.address())));
      lifecycle.add(
          "storage registration",
          StorageNodeRegistration.start(coordination, service.registration(), LOOK));
      local = Map.of(node.id(), service.local());
    }
    ClusterReplicas replicas =
        lifecycle.add(
            "replica connections",
            new ClusterReplicas(
                new ZooKeeperStorageNodes(coordination, LOOK), storage.replica(), local));
    NbdServer nbd = lifecycle.add("nbd", NbdServer.open(storage.nbd()));
    Path sockets = node.runDir().resolve("nbd");
    StorageAssembly assembly =
        lifecycle.add(
            "disks",
            StorageAssembly.start(
                node.id(), coordination, replicas, sockets, storage.controller(), nbd));
    return new StorageParts(assembly.catalog(), assembly.attachments(), nbd.tcpAddress());
  }
}
