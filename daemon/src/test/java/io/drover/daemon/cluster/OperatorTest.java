package io.drover.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drover.daemon.demo.guest.GuestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator types, as processes of {@code drover}, against a cluster of three nodes that
 * keep their records in a ZooKeeper of somebody else's.
 */
@Tag("real")
class OperatorTest {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_INPUT = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private static TestingServer zooKeeper;
  private static ClusterHarness cluster;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws Exception {
    zooKeeper = new TestingServer();
    cluster = ClusterHarness.startOn(zooKeeper.getConnectString(), "operator", 3);
    cluster.awaitMembers(3);
    cluster.await(
        "all hosts have reported", () -> cluster.api().get("/v1/hosts").path("hosts").size() == 3);
  }

  @AfterAll
  static void close() throws IOException {
    cluster.close();
    zooKeeper.close();
  }

  @Test
  void imageGoesInAndComesOutThroughSnapshotsAndClones() throws Exception {
    Path image = image("first.raw", 1);
    Path packed = folder.resolve("first.qcow2");
    tool("qemu-img", "convert", "-f", "raw", "-O", "qcow2", image.toString(), packed.toString());

    drover(DONE, "disk", "import", packed.toString(), "d1", "--size", "16M");
    drover(DONE, "disk", "snapshot", "d1", "s1");
    drover(DONE, "disk", "clone", "d1", "s1", "d2");
    Path second = image("second.raw", 2);
    String uri = drover(DONE, "disk", "attach", "d1", "--uri").strip();
    tool("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", second.toString(), uri);
    assertThat(drover(FAILED, "disk", "revert", "d1", "s1")).contains("holds it");
    drover(DONE, "disk", "detach", "d1");

    assertThat(exported("d1")).isEqualTo(Files.readAllBytes(second));
    assertThat(exported("d2")).isEqualTo(Files.readAllBytes(image));
    assertThat(exported("d1", "--snapshot", "s1")).isEqualTo(Files.readAllBytes(image));
    drover(DONE, "disk", "revert", "d1", "s1");
    assertThat(exported("d1")).isEqualTo(Files.readAllBytes(image));

    drover(DONE, "disk", "resize", "d1", "--size", "32M");
    JsonNode disk = json("disk", "list").path("disks").path(0);
    assertThat(disk.path("name").asText()).isEqualTo("d1");
    assertThat(disk.path("sizeBytes").asLong()).isEqualTo(32L << 20);
    assertThat(disk.path("nodes").size()).isEqualTo(3);
    assertThat(drover(FAILED, "disk", "delete", "d1")).contains("clones under snapshot 's1'");
    drover(DONE, "disk", "delete", "d2");
    drover(DONE, "disk", "delete", "d1", "--snapshot", "s1");
    drover(DONE, "disk", "delete", "d1");
    assertThat(json("disks").path("disks").size()).isZero();
  }

  @Test
  void vmIsMadeSeenMovedAndForgotten() throws Exception {
    GuestImage guest = GuestImage.build(NodeProcess.home());
    drover(DONE, "disk", "create", "web1-root", "--size", "64M");
    drover(
        DONE,
        "vm",
        "create",
        "web1",
        "--memory",
        "96M",
        "--disk",
        "web1-root",
        "--kernel",
        guest.kernel().toString(),
        "--initrd",
        guest.initrd().toString(),
        "--append",
        GuestImage.commandLineAlone("web1", 0, 1));
    drover(DONE, "disk", "attach", "web1-root");
    assertThat(drover(FAILED, "vm", "start", "web1")).contains("drover disk detach web1-root");
    drover(DONE, "disk", "detach", "web1-root");

    drover(DONE, "vm", "start", "web1", "--host", "host2");
    assertThat(drover(WRONG_INPUT, "vm", "migrate", "web1", "--to", "host9")).contains("host9");
    assertThat(drover(FAILED, "disk", "attach", "web1-root")).contains("in use by VM web1");
    assertThat(drover(FAILED, "vm", "delete", "web1")).contains("web1");
    cluster.await(
        "the guest is up",
        () -> drover(DONE, "vm", "console", "web1").contains("drover-guest web1 up"));
    assertThat(drover(DONE, "vm", "migrate", "web1", "--to", "host3")).contains("move of web1");
    drover(DONE, "disk", "snapshot", "web1-root", "running");
    assertThat(drover(DONE, "vms")).contains("web1").contains("host3");
    assertThat(drover(DONE, "hosts")).contains("host1").contains("tcg");
    assertThat(drover(DONE, "explain", "web1")).contains("host3");
    assertThat(drover(DONE, "explain", "host3")).contains("1 VMs");
    assertThat(drover(DONE, "moves")).contains("host2").contains("moved by hand");
    assertThat(drover(DONE, "plan")).contains("mode off");
    assertThat(json("status").path("scheduler").path("vmsRunning").asInt()).isEqualTo(1);

    drover(DONE, "host", "maintenance", "host3");
    cluster.await(
        "the host under maintenance is empty",
        () -> !json("vm", "list").path("vms").path(0).path("host").asText().equals("host3"));
    drover(DONE, "host", "maintenance", "host3", "off");
    drover(DONE, "vm", "reset", "web1");
    drover(DONE, "vm", "stop", "web1", "--force");
    drover(DONE, "vm", "delete", "web1");
    drover(DONE, "disk", "delete", "web1-root", "--snapshot", "running");
    drover(DONE, "disk", "delete", "web1-root");
    assertThat(json("vms").path("vms").size()).isZero();
    assertThat(cluster.qemus()).isEmpty();
  }

  @Test
  void attachmentOfALostNodeIsEndedByForceOnly() throws Exception {
    TestNode lost = cluster.node("host2");
    drover(DONE, "disk", "create", "d3", "--size", "1M");
    cluster.api(lost).post("/v1/disks/d3/attach", Map.of());
    lost.kill();

    cluster.await(
        "the lost node is known to be gone",
        () -> drover(FAILED, "disk", "detach", "d3").contains("does not run"));
    drover(DONE, "disk", "detach", "d3", "--force");
    assertThat(json("disk", "list").path("disks").path(0).path("holder").asText()).isEmpty();
    drover(DONE, "disk", "delete", "d3");
    cluster.mend();
  }

  private static Path image(String name, long seed) throws IOException {
    byte[] bytes = new byte[16 << 20];
    Random random = new Random(seed);
    // Half of it stays zero, so that holes are copied, too.
    for (int block = 0; block < bytes.length / 65_536; block += 2) {
      byte[] content = new byte[65_536];
      random.nextBytes(content);
      System.arraycopy(content, 0, bytes, block * 65_536, content.length);
    }
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] exported(String disk, String... options) throws Exception {
    Path file = folder.resolve("exported.raw");
    List<String> words =
        new ArrayList<>(
            List.of("disk", "export", disk, file.toString(), "--format", "raw", "--overwrite"));
    words.addAll(Arrays.asList(options));
    drover(DONE, words.toArray(String[]::new));
    return Files.readAllBytes(file);
  }

  private static JsonNode json(String... words) throws Exception {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = "--json";
    return JSON.readTree(drover(DONE, all));
  }

  /** Runs a command, asserts how it ends, and answers all that it said. */
  private static String drover(int exitCode, String... words) throws Exception {
    List<String> command = new ArrayList<>(NodeProcess.command(words));
    command.add("--api");
    command.add(cluster.api().base());
    return run(exitCode, command);
  }

  private static void tool(String... command) throws Exception {
    assertThat(run(DONE, List.of(command))).isNotNull();
  }

  private static String run(int exitCode, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(code)
        .as(
            "%s\n%s\n%s",
            String.join(" ", command.subList(1, command.size())), said, cluster.logs())
        .isEqualTo(exitCode);
    return said;
  }
}
