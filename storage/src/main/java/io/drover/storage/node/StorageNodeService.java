package io.drover.storage.node;

import io.drover.storage.meta.StorageNode;
import io.drover.storage.replica.ReplicaMetrics;
import io.drover.storage.replica.ReplicaServer;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.ReplicaSettings;
import io.drover.storage.store.NodeStore;
import io.drover.storage.store.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The pool of this node, opened, and the service that offers it to other nodes.
 *
 * <p>Start it, register {@link #registration} in ZooKeeper, and give {@link #local} to {@link
 * ClusterReplicas}. Closing ends the service first and the pool after it.
 */
public final class StorageNodeService implements AutoCloseable {
  private final String nodeId;
  private final NodeStore store;
  private final ReplicaServer server;

  private StorageNodeService(String nodeId, NodeStore store, ReplicaServer server) {
    this.nodeId = nodeId;
    this.store = store;
    this.server = server;
  }

  /**
   * Opens the pool in a directory, which is made when absent, and listens.
   *
   * @param address where to listen, also what is registered; the port is from the settings
   * @throws IOException when the pool cannot be read, another process has it open, or the port is
   *     taken
   */
  public static StorageNodeService start(
      String nodeId,
      StoreSettings storeSettings,
      ReplicaSettings replicaSettings,
      Path directory,
      InetAddress address)
      throws IOException {
    NodeStore store = NodeStore.open(nodeId, storeSettings, directory);
    try {
      ReplicaServer server =
          ReplicaServer.open(
              nodeId,
              store,
              replicaSettings,
              ReplicaMetrics.shared(),
              new InetSocketAddress(address, replicaSettings.port()));
      return new StorageNodeService(nodeId, store, server);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** What to register: the address and the port in use, and the machine's boot. */
  public StorageNode registration() {
    InetSocketAddress address = server.address();
    return new StorageNode(
        nodeId, address.getAddress().getHostAddress(), address.getPort(), store.bootId());
  }

  /** The pool, without the network. */
  public ReplicaService local() {
    return store;
  }

  @Override
  public void close() {
    server.close();
    store.close();
  }
}
