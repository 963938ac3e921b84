package io.drover.daemon.node;

import io.drover.daemon.api.ApiRouter;
import io.drover.daemon.api.HttpServer;
import io.drover.daemon.api.PassOn;
import io.drover.daemon.metrics.NodeMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node.
 *
 * <p>Start: lock and pid file; the ZooKeeper peer; the connection to ZooKeeper; storage; HTTP;
 * membership, and with it agent and scheduler; the ready file. Stop is the reverse. VMs run in
 * sessions of their own and go on: their disks' clients wait for the next process of this node.
 */
public final class DroverNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DroverNode.class);
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(15);

  /** Opening a disk waits for its replicas; less than a client waits for the answer. */
  private static final Duration PASSED_ON_PATIENCE = Duration.ofSeconds(100);

  private final DroverSettings settings;
  private final Lifecycle lifecycle = new Lifecycle();
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("node-", 0).factory());

  private volatile String url = "";

  private DroverNode(DroverSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts a node and returns when it is a member of the cluster and everything runs; on failure
   * nothing is left running.
   */
  public static DroverNode start(DroverSettings settings) throws Exception {
    DroverNode node = new DroverNode(settings);
    try {
      node.start();
      return node;
    } catch (Exception failed) {
      node.close();
      throw failed;
    }
  }

  private void start() throws Exception {
    NodeSettings own = settings.node();
    NodeFiles files = lifecycle.add("files", NodeFiles.claim(own));
    NodeMetrics.register(own.id(), String.join(",", roles()));
    Coordination.Check peerRuns = () -> {};
    if (own.has(Role.COORDINATION) && settings.coordination().connect().isEmpty()) {
      peerRuns =
          lifecycle.add("zookeeper peer", ZooKeeperPeer.start(own, settings.coordination()))
              ::requireRunning;
    }
    CuratorFramework coordination =
        lifecycle.add("coordination", Coordination.connect(settings.coordination(), peerRuns));
    NodeRegistry registry = new NodeRegistry(coordination);
    MemberDirectory directory = new MemberDirectory(coordination, executor);
    NodeParts parts = NodeParts.start(settings, coordination, lifecycle, executor);
    ClusterRuntime cluster =
        new ClusterRuntime(
            own, settings.cluster(), settings.resolved(), directory, executor, parts::join);
    observe(coordination, cluster);

    ApiRouter router = new ApiRouter();
    NodeRoutes.register(router, own, registry, cluster, coordination, parts.scheduler());
    parts.register(
        router, new PassOn(new RegistryPeers(own.id(), registry), PASSED_ON_PATIENCE, executor));
    HttpServer http =
        lifecycle.add(
            "http",
            HttpServer.open(
                own.address(),
                settings.api().port(),
                settings.api().maxWaitingRequests(),
                router,
                executor,
                ClusterConfig.local(settings.resolved())));
    lifecycle.add("cluster", cluster);
    cluster.start();
    awaitMembership(cluster);
    url = "http://" + own.address() + ":" + http.port();
    String actors =
        "pekko://" + ClusterConfig.SYSTEM + "@" + own.address() + ":" + settings.cluster().port();
    lifecycle.add(
        "registration",
        registry.register(
            new NodeRegistry.Entry(own.id(), url, actors, roles(), ProcessHandle.current().pid()),
            executor));
    files.markReady(url);
    lifecycle.add("ready mark", files::markStopping);
    log.atInfo()
        .addKeyValue("node", own.id())
        .addKeyValue("roles", String.join(",", roles()))
        .addKeyValue("api", url)
        .log("node ready");
  }

  /** However long it takes: giving up would end the service of disks that VMs wait for. */
  private static void awaitMembership(ClusterRuntime cluster) throws InterruptedException {
    while (!cluster.awaitUp(BETWEEN_WORDS)) {
      log.warn("not a member of the cluster yet; disks are served, and joining goes on");
    }
  }

  private static void observe(CuratorFramework coordination, ClusterRuntime cluster) {
    NodeMetrics.coordinationConnected(true);
    NodeMetrics.clusterMembers(() ->
        cluster.members().stream()
            .filter(member -> member.reachable() && member.status().equals("Up"))
            .count());
    coordination
        .getConnectionStateListenable()
        .addListener(
            (client, state) -> {
              NodeMetrics.coordinationConnected(state.isConnected());
              if (state == ConnectionState.RECONNECTED) {
                cluster.checkIncarnation();
              }
            },
            command -> Thread.ofVirtual().name("coordination-observer").start(command));
  }

  /** Base URL of its HTTP interface. */
  public String url() {
    return url;
  }

  private List<String> roles() {
    return settings.node().roles().stream()
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  /** Stops all parts in the reverse order of their start. Virtual machines go on. */
  @Override
  public void close() {
    log.atInfo()
        .addKeyValue("node", settings.node().id())
        .log("node stopping; its virtual machines go on");
    lifecycle.close();
    executor.shutdown();
    try {
      if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
