package io.drover.daemon.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.daemon.demo.site.Ports;
import io.drover.daemon.demo.site.Removal;
import io.drover.daemon.demo.site.RunFolder;
import io.drover.daemon.node.Role;
import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;

/**
 * A cluster of real node processes on loopback addresses of its own.
 *
 * <p>The first three nodes have all roles, further ones are agents only. The scheduler does nothing
 * by itself unless a test sets another mode: what happens is what the test does. Closing it ends
 * every process whose command line names the cluster's folder, QEMUs included, and removes what
 * they left; the nodes' logs are kept in {@code target/cluster-logs}.
 */
final class ClusterHarness implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(2);
  private static final int WITH_ALL_ROLES = 3;

  private final String name;
  private final RunFolder folder;
  private final List<TestNode> nodes;
  private final int zooKeeperPort;

  private ClusterHarness(String name, RunFolder folder, List<TestNode> nodes, int zooKeeperPort) {
    this.name = name;
    this.folder = folder;
    this.zooKeeperPort = zooKeeperPort;
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Starts a cluster and waits until all of it is ready.
   *
   * @param name of the test, under which logs are kept
   * @param settings added to each node's file; they win over the harness's own
   */
  static ClusterHarness start(String name, int size, String settings) throws IOException {
    return start(name, size, "", settings);
  }

  /**
   * Starts a cluster whose nodes keep their records in a ZooKeeper that is none of theirs.
   *
   * @param connect its connect string
   */
  static ClusterHarness startOn(String connect, String name, int size) throws IOException {
    return start(name, size, connect, "");
  }

  private static ClusterHarness start(String name, int size, String connect, String settings)
      throws IOException {
    RunFolder folder = RunFolder.create();
    ClusterHarness harness = null;
    try {
      harness = make(name, folder, size, connect, settings);
      for (TestNode node : harness.nodes) {
        node.start();
      }
      harness.nodes.forEach(node -> node.awaitReady(LONG));
      return harness;
    } catch (IOException | RuntimeException | AssertionError failed) {
      if (harness != null) {
        harness.close();
      } else {
        Removal.of(folder);
      }
      throw failed;
    }
  }

  private static ClusterHarness make(
      String name, RunFolder folder, int size, String connect, String settings) throws IOException {
    // A subnet of loopback of its own, so that clusters of other test processes cannot be met.
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String subnet = "127." + random.nextInt(1, 255) + "." + random.nextInt(1, 255) + ".";
    List<String> addresses = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      addresses.add(subnet + i);
    }
    Ports ports = Ports.free(addresses);
    TestSettings texts = new TestSettings(folder, addresses, ports, connect, settings);
    List<TestNode> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String id = "host" + (i + 1);
      Set<Role> roles = i < WITH_ALL_ROLES ? EnumSet.allOf(Role.class) : EnumSet.of(Role.AGENT);
      if (!connect.isEmpty()) {
        roles.remove(Role.COORDINATION);
      }
      Files.createDirectories(folder.node(id));
      Files.writeString(folder.config(id), texts.of(i, id, roles));
      nodes.add(
          new TestNode(
              id,
              addresses.get(i),
              roles,
              "http://" + addresses.get(i) + ":" + ports.api(),
              folder,
              NodeProcess.command("node", "--config", folder.config(id).toString())));
    }
    return new ClusterHarness(name, folder, nodes, ports.zooKeeperClient());
  }

  List<TestNode> nodes() {
    return nodes;
  }

  TestNode node(String id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  RunFolder folder() {
    return folder;
  }

  /** The HTTP interface of some running node. */
  ClusterApi api() {
    return api(nodes.stream().filter(TestNode::running).findFirst().orElseThrow());
  }

  ClusterApi api(TestNode node) {
    return new ClusterApi(node.api());
  }

  /** Waits for a condition; the nodes' logs are part of the failure. */
  void await(String what, Await.Condition condition) {
    Await.until(what, LONG, this::logs, condition);
  }

  /** Waits for a value. */
  <T> T awaitValue(String what, Await.Look<T> look) {
    return Await.value(what, LONG, this::logs, look);
  }

  /** Waits until every running node sees all of them as members that are up. */
  void awaitMembers(int count) {
    for (TestNode node : nodes) {
      if (node.running()) {
        await(
            node.id() + " sees " + count + " members",
            () -> {
              int up = 0;
              for (JsonNode member : api(node).get("/v1/health").path("members")) {
                boolean isUp = member.path("status").asText().equals("Up");
                up += isUp && member.path("reachable").asBoolean() ? 1 : 0;
              }
              return up == count;
            });
      }
    }
  }

  /** Starts what does not run, and waits until the cluster is whole and every disk, too. */
  void mend() throws IOException {
    for (TestNode node : nodes) {
      if (!node.running()) {
        node.start();
      }
    }
    nodes.forEach(node -> node.awaitReady(LONG));
    awaitMembers(nodes.size());
    await(
        "all replicas in sync",
        () -> {
          boolean whole = true;
          for (JsonNode disk : api().get("/v1/disks").path("disks")) {
            whole &= disk.path("degradedContainers").asInt(-1) == 0;
          }
          return whole;
        });
  }

  /** The node on which the scheduler runs. */
  TestNode scheduler() {
    return awaitValue(
        "a scheduler",
        () -> {
          String id = api().get("/v1/status").path("scheduler").path("schedulerNode").asText();
          return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
        });
  }

  /**
   * A client of the cluster's ZooKeeper, for looking at records in the moment they change.
   *
   * @param without a node whose server it does not use
   */
  CuratorFramework records(TestNode without) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(
                nodes.stream()
                    .filter(node -> node.has(Role.COORDINATION) && !node.equals(without))
                    .map(node -> node.address() + ":" + zooKeeperPort)
                    .collect(Collectors.joining(",")))
            .namespace("drover")
            .retryPolicy(new RetryForever(100))
            .build();
    client.start();
    return client;
  }

  /** All processes of the cluster that run QEMU. */
  List<ProcessIdentity> qemus() throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    for (ProcessIdentity process : Removal.processesOf(folder)) {
      if (commandLine(process).contains("qemu-system")) {
        found.add(process);
      }
    }
    return found;
  }

  /** The QEMUs of one VM, on whichever hosts. */
  List<ProcessIdentity> qemus(String vmId) throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    for (ProcessIdentity process : qemus()) {
      if (commandLine(process).contains(vmId)) {
        found.add(process);
      }
    }
    return found;
  }

  /** The QEMUs of one VM on one host. */
  List<ProcessIdentity> qemus(String vmId, TestNode host) throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    for (ProcessIdentity process : qemus(vmId)) {
      if (commandLine(process).contains(folder.node(host.id()) + "/")) {
        found.add(process);
      }
    }
    return found;
  }

  private static String commandLine(ProcessIdentity process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** What the cluster says of itself, and the end of every node's log. */
  String logs() {
    StringBuilder told = new StringBuilder();
    for (String path : List.of("/v1/vms", "/v1/hosts", "/v1/disks", "/v1/plan", "/v1/moves")) {
      try {
        told.append("--- ").append(path).append('\n');
        told.append(api().get(path).toPrettyString()).append('\n');
      } catch (IOException | RuntimeException silent) {
        told.append(silent).append('\n');
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return told.toString();
      }
    }
    nodes.forEach(node -> told.append(node.tail()).append('\n'));
    return told.toString();
  }

  @Override
  public void close() {
    List<String> problems = new ArrayList<>();
    try {
      keepLogs();
    } catch (IOException | UncheckedIOException lost) {
      problems.add("logs of " + name + " are lost: " + lost);
    }
    problems.addAll(Removal.of(folder));
    if (!problems.isEmpty()) {
      throw new AssertionError("left behind by " + name + ": " + problems);
    }
  }

  private void keepLogs() throws IOException {
    Path kept = Files.createDirectories(Path.of("target", "cluster-logs", name));
    for (TestNode node : nodes) {
      if (Files.exists(node.log())) {
        Files.copy(
            node.log(), kept.resolve(node.id() + ".log"), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
