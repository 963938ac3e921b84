package io.drover.daemon.node;

/** What a node does for the cluster; one machine may do all of it. */
public enum Role {
  /** Runs a peer of the embedded ZooKeeper. */
  COORDINATION,
  /** Keeps replicas of disks. */
  STORAGE,
  /** Runs VMs, and the controllers of their disks. */
  AGENT,
  /** May become the cluster's one scheduler. */
  SCHEDULER
}
