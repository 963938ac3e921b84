package io.drover.storage.cluster;

import io.drover.storage.attach.AttachMode;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.attach.StorageAssembly;
import io.drover.storage.controller.ControllerSettings;
import io.drover.storage.controller.DiskMetrics;
import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskPolicy;
import io.drover.storage.disk.DiskStatus.ContainerStatus;
import io.drover.storage.disk.NewDisk;
import io.drover.storage.meta.StorageNodes;
import io.drover.storage.meta.TestZooKeeper;
import io.drover.storage.meta.ZooKeeperStorageNodes;
import io.drover.storage.nbd.NbdMetrics;
import io.drover.storage.nbd.NbdServer;
import io.drover.storage.nbd.NbdSettings;
import io.drover.storage.node.ClusterReplicas;
import io.prometheus.client.CollectorRegistry;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;

/** Three storage nodes as processes, ZooKeeper and hosts in this one. */
final class ReplicatedCluster implements AutoCloseable {
  static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final String NAMESPACE = "drover";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SYNC = Duration.ofSeconds(5);

  private final Path directory;
  private final TestZooKeeper zooKeeper = new TestZooKeeper();
  private final Map<String, Process> nodes = new HashMap<>();
  private final List<Host> hosts = new ArrayList<>();
  private final CuratorFramework observer;

  ReplicatedCluster(Path directory) throws Exception {
    this.directory = directory;
    this.observer = zooKeeper.client(NAMESPACE);
    try {
      for (String node : NODES) {
        startNode(node);
      }
      for (String node : NODES) {
        awaitRegistered(node);
      }
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /** A host in this process: catalogue, controllers and NBD. */
  static final class Host implements AutoCloseable {
    final CollectorRegistry registry = new CollectorRegistry();
    private final CuratorFramework curator;
    private final ClusterReplicas replicas;
    private final NbdServer nbd;
    private final StorageAssembly assembly;

    private Host(String nodeId, CuratorFramework curator, Path sockets) throws IOException {
      this.curator = curator;
      this.replicas =
          new ClusterReplicas(
              new ZooKeeperStorageNodes(curator, SYNC),
              StorageNodeProcess.replicaSettings(),
              Map.of());
      this.nbd =
          NbdServer.open(
              NbdSettings.defaults()
                  .withTcpAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
              new NbdMetrics(registry));
      this.assembly =
          StorageAssembly.start(
              nodeId,
              curator,
              replicas,
              sockets,
              controllerSettings(),
              nbd,
              new DiskMetrics(registry),
              registry);
    }

    DiskCatalog catalog() {
      return assembly.catalog();
    }

    AttachedDisk attach(String disk, AttachMode mode) throws DiskException {
      return assembly.attachments().attach(catalog().get(disk).id(), mode);
    }

    static String unixUri(AttachedDisk disk) {
      return "nbd+unix:///" + disk.exportName() + "?socket=" + disk.nbdSocket();
    }

    String tcpUri(AttachedDisk disk) throws IOException {
      return "nbd://127.0.0.1:"
          + nbd.tcpAddress().orElseThrow().getPort()
          + "/"
          + disk.exportName();
    }

    /** Requests of one kind that NBD clients have had answered. */
    double served(String command) {
      Double count =
          registry.getSampleValue(
              "drover_nbd_request_seconds_count", new String[] {"command"}, new String[] {command});
      return count == null ? 0 : count;
    }

    @Override
    public void close() {
      assembly.close();
      nbd.close();
      replicas.close();
      curator.close();
    }
  }

  Host host(String nodeId) throws IOException {
    Host host = new Host(nodeId, zooKeeper.client(NAMESPACE), directory.resolve(nodeId));
    hosts.add(host);
    return host;
  }

  static ControllerSettings controllerSettings() {
    return new ControllerSettings(
        Duration.ofSeconds(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofMillis(50),
        16 << 20,
        1 << 20);
  }

  /** Containers are small, so that a disk has several. */
  static NewDisk disk(String name, long sizeBytes) {
    return new NewDisk(
        name, sizeBytes, new DiskPolicy(3, 2, 4096, 16 << 20, Acknowledge.PAGE_CACHE));
  }

  void startNode(String node) throws IOException {
    Path output = directory.resolve(node + ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                StorageNodeProcess.class.getName(),
                node,
                zooKeeper.connectString(),
                NAMESPACE,
                directory.resolve(node + ".pool").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(output.toString())))
            .start();
    nodes.put(node, process);
  }

  /** No warning, no flush: SIGKILL. */
  void killNode(String node) throws InterruptedException {
    Process process = nodes.remove(node);
    if (process == null) {
      throw new IllegalStateException(node + " does not run");
    }
    process.destroyForcibly().waitFor();
  }

  private void awaitRegistered(String node) throws Exception {
    StorageNodes registered = new ZooKeeperStorageNodes(observer, SYNC);
    try {
      await(node + " registers", () -> registered.find(node).isPresent());
    } catch (AssertionError e) {
      throw new AssertionError(Files.readString(directory.resolve(node + ".log")), e);
    }
  }

  /** Waits until every container of the disk has so many replicas in sync. */
  static void awaitInSync(Host host, String disk, int replicas) throws Exception {
    await(
        replicas + " replicas of " + disk + " in sync",
        () ->
            host.catalog().status(disk).containers().stream()
                .mapToInt(c -> c.inSync().size())
                .allMatch(inSync -> inSync == replicas));
  }

  static List<ContainerStatus> containers(Host host, Disk disk) throws DiskException {
    return host.catalog().status(disk.name()).containers();
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come about in " + LIMIT + ": " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Override
  public void close() throws IOException {
    hosts.forEach(Host::close);
    nodes.values().forEach(Process::destroyForcibly);
    observer.close();
    zooKeeper.close();
  }
}
