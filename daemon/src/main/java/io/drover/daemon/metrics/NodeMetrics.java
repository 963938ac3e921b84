package io.drover.daemon.metrics;

import io.prometheus.client.Gauge;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import java.util.function.LongSupplier;

/**
 * Metrics of the node as a process: its build, the JVM, and whether it reaches the rest of the
 * cluster.
 */
public final class NodeMetrics {
  private static final Gauge INFO =
      Gauge.build()
          .name("drover_node_info")
          .help("Always 1; the labels say which node this is.")
          .labelNames("node", "roles")
          .register();
  private static final Gauge COORDINATION =
      Gauge.build()
          .name("drover_node_coordination_connected")
          .help("1 while this node has a ZooKeeper session.")
          .register();
  private static final Gauge MEMBERS =
      Gauge.build()
          .name("drover_node_cluster_members")
          .help("Members of the cluster that this node sees as up and reachable.")
          .register();

  private NodeMetrics() {}

  /** Registers the JVM's metrics and says which node this is; once in a process. */
  public static void register(String node, String roles) {
    new StandardExports().register();
    new MemoryPoolsExports().register();
    new BufferPoolsExports().register();
    new GarbageCollectorExports().register();
    new ThreadExports().register();
    INFO.labels(node, roles).set(1);
  }

  /** Whether there is a ZooKeeper session now. */
  public static void coordinationConnected(boolean connected) {
    COORDINATION.set(connected ? 1 : 0);
  }

  /** How to count the members that are up and reachable, whenever somebody wants to know. */
  public static void clusterMembers(LongSupplier count) {
    MEMBERS.setChild(
        new Gauge.Child() {
          @Override
          public double get() {
            return count.getAsLong();
          }
        });
  }
}
