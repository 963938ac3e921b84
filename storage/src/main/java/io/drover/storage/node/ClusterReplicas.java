package io.drover.storage.node;

import io.drover.storage.meta.StorageNodes;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.ReplicaSettings;
import java.util.Map;

/**
 * The replica services of a cluster: this process's own pool directly, all others by TCP at the
 * address under which they registered.
 */
public final class ClusterReplicas implements ReplicaDirectory, AutoCloseable {
  private final Map<String, ReplicaService> local;

  /**
   * @param local by node id, the pools that this process holds: none on a node without the storage
   *     role. They stay the caller's to close
   */
  @SuppressWarnings("UnusedVariable") // until remote replicas are reached
  public ClusterReplicas(
      StorageNodes nodes, ReplicaSettings settings, Map<String, ReplicaService> local) {
    this.local = Map.copyOf(local);
  }

  @Override
  public ReplicaService connect(String nodeId) throws ReplicaException {
    ReplicaService own = local.get(nodeId);
    if (own != null) {
      return own;
    }
    throw new ReplicaException.Unreachable("no address of " + nodeId + " is known", null);
  }

  /** Ends all connections. */
  @Override
  public void close() {}
}
