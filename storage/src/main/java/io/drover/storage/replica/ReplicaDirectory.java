package io.drover.storage.replica;

/** Finds the replica service of a node. */
public interface ReplicaDirectory {
  /**
   * The service of the node, the same object each time; it connects again by itself after a lost
   * connection.
   *
   * @throws ReplicaException.Unreachable when no address of the node is known
   */
  ReplicaService connect(String nodeId) throws ReplicaException;
}
