package io.drover.storage.node;

import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.StorageNodes;
import io.drover.storage.replica.RemoteReplica;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaMetrics;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.ReplicaSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The replica services of a cluster: this process's own pool directly, all others by TCP at the
 * address under which they registered.
 *
 * <p>A node that is not registered has a service too: its calls fail until it is. So a controller
 * can hold on to it over the node's restart.
 */
public final class ClusterReplicas implements ReplicaDirectory, AutoCloseable {
  private final StorageNodes nodes;
  private final ReplicaSettings settings;
  private final Map<String, ReplicaService> local;
  private final Map<String, RemoteReplica> remote = new ConcurrentHashMap<>();

  /**
   * @param local by node id, the pools that this process holds: none on a node without the storage
   *     role. They stay the caller's to close
   */
  public ClusterReplicas(
      StorageNodes nodes, ReplicaSettings settings, Map<String, ReplicaService> local) {
    this.nodes = nodes;
    this.settings = settings;
    this.local = Map.copyOf(local);
  }

  @Override
  public ReplicaService connect(String nodeId) {
    ReplicaService own = local.get(nodeId);
    return own != null ? own : remote.computeIfAbsent(nodeId, this::remote);
  }

  private RemoteReplica remote(String nodeId) {
    return new RemoteReplica(nodeId, this::address, settings, ReplicaMetrics.shared());
  }

  private Optional<InetSocketAddress> address(String nodeId) throws IOException {
    try {
      return nodes.find(nodeId).map(node -> new InetSocketAddress(node.address(), node.port()));
    } catch (MetadataException e) {
      throw new IOException("address of storage node " + nodeId + " cannot be looked up: " + e, e);
    }
  }

  /** Ends all connections. */
  @Override
  public void close() {
    remote.values().forEach(RemoteReplica::close);
  }
}
