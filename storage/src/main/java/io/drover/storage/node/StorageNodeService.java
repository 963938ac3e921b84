package io.drover.storage.node;

import io.drover.storage.meta.StorageNode;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.ReplicaSettings;
import io.drover.storage.store.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/**
 * The pool of this node, opened, and the service that offers it to other nodes.
 *
 * <p>Start it, register {@link #registration} in ZooKeeper, and give {@link #local} to {@link
 * ClusterReplicas}. Closing ends the service first and the pool after it.
 */
public final class StorageNodeService implements AutoCloseable {

  private StorageNodeService() {}

  /**
   * Opens the pool in a directory, which is made when absent, and listens.
   *
   * @param address where to listen, also what is registered; the port is from the settings
   * @throws IOException when the pool cannot be read, another process has it open, or the port is
   *     taken
   */
  @SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"}) // until the pool opens
  public static StorageNodeService start(
      String nodeId,
      StoreSettings storeSettings,
      ReplicaSettings replicaSettings,
      Path directory,
      InetAddress address)
      throws IOException {
    throw new IOException("the pool of " + nodeId + " cannot be opened by this build yet");
  }

  /** What to register: the address and the port in use, and the machine's boot. */
  @SuppressWarnings("DoNotCallSuggester")
  public StorageNode registration() {
    throw new IllegalStateException("not started");
  }

  /** The pool, without the network. */
  @SuppressWarnings("DoNotCallSuggester")
  public ReplicaService local() {
    throw new IllegalStateException("not started");
  }

  @Override
  public void close() {}
}
