package io.drover.daemon.node;

import java.util.Set;
import java.util.TreeSet;

/**
 * A member of the cluster as one node sees it.
 *
 * @param address of its actor system
 * @param status such as Up or Leaving
 * @param reachable whether it answers heartbeats
 * @param roles as in its settings
 */
public record ClusterMember(String address, String status, boolean reachable, Set<String> roles) {
  /** Copies the roles, sorted. */
  public ClusterMember {
    roles = java.util.Collections.unmodifiableSet(new TreeSet<>(roles));
  }
}
