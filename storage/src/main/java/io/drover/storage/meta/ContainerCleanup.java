package io.drover.storage.meta;

import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the containers of a deleted disk from the nodes that answer. */
final class ContainerCleanup {
  private static final Logger log = LoggerFactory.getLogger(ContainerCleanup.class);

  private final ReplicaDirectory replicas;

  ContainerCleanup(ReplicaDirectory replicas) {
    this.replicas = replicas;
  }

  /**
   * Deletes one container everywhere. A node that does not answer keeps its copy as garbage, which
   * is reported: nothing can read it, since the disk's identity is never used again.
   */
  void delete(ContainerId container, ContainerMembers members, long epoch) {
    for (String nodeId : members.replicas()) {
      try {
        ReplicaService replica = replicas.connect(nodeId);
        replica.delete(container, epoch);
      } catch (ReplicaException e) {
        log.atWarn()
            .addKeyValue("disk", container.disk())
            .addKeyValue("container", container.index())
            .addKeyValue("node", nodeId)
            .addKeyValue("cause", e.getMessage())
            .log("container left behind");
      }
    }
  }
}
