package io.drover.storage.controller;

import io.drover.storage.meta.ContainerMembers;
import io.drover.storage.meta.Versioned;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.ReplicaService;
import java.util.List;

/**
 * What opening a container found and made: the log that everybody in sync holds now.
 *
 * @param members as the metadata has them, with this holder's epoch
 * @param source state of the log that was taken
 * @param started the members in sync
 */
record LogBase(Versioned<ContainerMembers> members, ContainerState source, List<Start> started) {
  LogBase {
    started = List.copyOf(started);
  }

  /** A member whose log ends where the source's ends. */
  record Start(String nodeId, ReplicaService service, String bootId, long durable) {}
}
