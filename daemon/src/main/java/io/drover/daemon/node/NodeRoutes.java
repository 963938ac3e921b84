package io.drover.daemon.node;

import io.drover.daemon.api.ApiException;
import io.drover.daemon.api.ApiRouter;
import io.drover.daemon.api.SchedulerLink;
import io.drover.scheduler.view.SchedulerQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;

/** What a node says about itself and about the nodes it sees. */
final class NodeRoutes {
  private final NodeSettings own;
  private final NodeRegistry registry;
  private final ClusterRuntime cluster;
  private final CuratorFramework coordination;
  private final SchedulerLink scheduler;

  private NodeRoutes(
      NodeSettings own,
      NodeRegistry registry,
      ClusterRuntime cluster,
      CuratorFramework coordination,
      SchedulerLink scheduler) {
    this.own = own;
    this.registry = registry;
    this.cluster = cluster;
    this.coordination = coordination;
    this.scheduler = scheduler;
  }

  static void register(
      ApiRouter router,
      NodeSettings own,
      NodeRegistry registry,
      ClusterRuntime cluster,
      CuratorFramework coordination,
      SchedulerLink scheduler) {
    NodeRoutes routes = new NodeRoutes(own, registry, cluster, coordination, scheduler);
    router.on("GET", "/v1", call -> Map.of("routes", router.routes()));
    router.on("GET", "/v1/health", call -> routes.health());
    router.on("GET", "/v1/nodes", call -> Map.of("nodes", routes.nodes()));
    router.on("GET", "/v1/status", call -> routes.status());
  }

  /**
   * Whether this node is in touch with the others.
   *
   * @param coordination whether it has a ZooKeeper session
   * @param member whether its actor system runs as a member of the cluster
   */
  record Health(String node, boolean coordination, boolean member, List<ClusterMember> members) {}

  /**
   * A node as the answering node sees it.
   *
   * @param status Up, Joining, Leaving, Down, ... or "not a member"
   */
  record NodeView(
      String id, String api, List<String> roles, long pid, String status, boolean reachable) {}

  private Health health() {
    List<ClusterMember> members = cluster.members();
    return new Health(
        own.id(),
        coordination.getZookeeperClient().isConnected(),
        cluster.system().isPresent(),
        members);
  }

  /** Nodes and scheduler; one that does not answer is no reason to show nothing. */
  private Map<String, Object> status() throws Exception {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("nodes", nodes());
    try {
      status.put("scheduler", scheduler.get(SchedulerQuery.GetStatus::new));
    } catch (ApiException silent) {
      status.put("schedulerProblem", String.valueOf(silent.getMessage()));
    }
    return status;
  }

  private List<NodeView> nodes() throws Exception {
    if (!coordination.getZookeeperClient().isConnected()) {
      throw ApiException.unavailable(
          "this node (" + own.id() + ") does not reach ZooKeeper",
          "start the other coordination nodes, or ask another node by --api URL");
    }
    List<ClusterMember> members = cluster.members();
    List<NodeView> views = new ArrayList<>();
    for (NodeRegistry.Entry entry : registry.all()) {
      ClusterMember member =
          members.stream()
              .filter(m -> m.address().equals(entry.cluster()))
              .findFirst()
              .orElse(null);
      views.add(
          new NodeView(
              entry.id(),
              entry.api(),
              entry.roles(),
              entry.pid(),
              member == null ? "not a member" : member.status(),
              member != null && member.reachable()));
    }
    return List.copyOf(views);
  }
}
