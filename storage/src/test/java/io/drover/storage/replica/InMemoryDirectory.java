package io.drover.storage.replica;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Replicas in memory by node id; each is made when it is first asked for. */
public final class InMemoryDirectory implements ReplicaDirectory {
  private final Map<String, InMemoryReplica> replicas = new ConcurrentHashMap<>();

  @Override
  public InMemoryReplica connect(String nodeId) {
    return replicas.computeIfAbsent(nodeId, InMemoryReplica::new);
  }
}
