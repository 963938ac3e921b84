package io.drover.storage.replica;

/** Finds the replica service of a node. */
public interface ReplicaDirectory {
  /**
   * The service of the node, the same object each time; it connects again by itself after a lost
   * connection.
   *
   * @throws ReplicaException.Unreachable when no address of the node is known; an implementation
   *     may as well leave that to the calls of the service
   */
  ReplicaService connect(String nodeId) throws ReplicaException;
}
