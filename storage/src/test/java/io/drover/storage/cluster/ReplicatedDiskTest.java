package io.drover.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.attach.AttachMode;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.cluster.ReplicatedCluster.Host;
import io.drover.storage.tool.RealTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk on three storage nodes, used by real tools while nodes die and come back. */
@Tag("real")
@Timeout(300)
final class ReplicatedDiskTest {
  private static final long SIZE = 64L << 20;

  @TempDir Path directory;
  private ReplicatedCluster cluster;
  private Host host;

  @BeforeEach
  void start() throws Exception {
    cluster = new ReplicatedCluster(directory);
    host = cluster.host("h1");
    host.catalog().create(ReplicatedCluster.disk("disk", SIZE));
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private String attach(String disk) throws Exception {
    return Host.unixUri(host.attach(disk, AttachMode.HOLDER));
  }

  private static String[] fio(String uri, String mode, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=disk",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=" + mode,
                "--size=64m",
                "--iodepth=16",
                "--verify=crc32c",
                "--verify_fatal=1",
                "--verify_state_save=0",
                "--randseed=5"));
    command.addAll(List.of(more));
    return command.toArray(String[]::new);
  }

  @Test
  void toolsWorkOnIt() throws Exception {
    AttachedDisk attached = host.attach("disk", AttachMode.HOLDER);
    attached.offerByTcp();
    for (String uri : List.of(Host.unixUri(attached), host.tcpUri(attached))) {
      assertThat(RealTool.run("nbdinfo", "--json", uri).requireSuccess().output())
          .contains("\"export-size\": " + SIZE)
          .contains("\"can_multi_conn\": true");
      Path source = image("in.img", 3);
      Path copy = directory.resolve("out.img");
      RealTool.run("nbdcopy", "--flush", source.toString(), uri).requireSuccess();
      RealTool.run("nbdcopy", uri, copy.toString()).requireSuccess();
      assertThat(Files.mismatch(source, copy)).isEqualTo(-1);
      assertThat(
              RealTool.run(
                      "qemu-io",
                      "-f",
                      "raw",
                      "-d",
                      "unmap",
                      "-c",
                      "write -P 0x5a 4k 1M",
                      "-c",
                      "write -f -P 0x33 1000 512",
                      "-c",
                      "write -z 64k 64k",
                      "-c",
                      "discard 512k 64k",
                      "-c",
                      "flush",
                      "-c",
                      "read -P 0x5a 4k 60k",
                      "-c",
                      "read -P 0 64k 64k",
                      "-c",
                      "read -P 0 512k 64k",
                      "-c",
                      "read -P 0x33 1000 512",
                      // across the border of two containers
                      "-c",
                      "write -P 0x77 16773120 8k",
                      "-c",
                      "read -P 0x77 16773120 8k",
                      uri)
                  .requireSuccess()
                  .output())
          .doesNotContain("failed");
    }
  }

  @Test
  void killedNodeUnderVerifiedLoadLosesNothingAndCatchesUp() throws Exception {
    String uri = attach("disk");
    RealTool.Running load =
        RealTool.start(fio(uri, "randwrite", "--bsrange=512-64k", "--loops=4", "--fsync=256"));
    ReplicatedCluster.await("load runs", () -> host.served("write") > 500);
    cluster.killNode("n2");
    double served = host.served("write");
    ReplicatedCluster.await("load goes on", () -> host.served("write") > served + 500);
    ReplicatedCluster.awaitInSync(host, "disk", 2);
    cluster.startNode("n2");
    ReplicatedCluster.awaitInSync(host, "disk", 3);
    load.await().requireSuccess();

    // What each node holds is seen when it is the only one left.
    RealTool.run(fio(uri, "write", "--bs=64k")).requireSuccess();
    for (String alone : ReplicatedCluster.NODES) {
      List<String> others =
          ReplicatedCluster.NODES.stream().filter(node -> !node.equals(alone)).toList();
      for (String node : others) {
        cluster.killNode(node);
      }
      RealTool.run(fio(uri, "write", "--bs=64k", "--verify_only")).requireSuccess();
      for (String node : others) {
        cluster.startNode(node);
      }
      ReplicatedCluster.awaitInSync(host, "disk", 3);
    }
  }

  @Test
  void allNodesGoneForAWhileIsAPauseAndNoError() throws Exception {
    String uri = attach("disk");
    RealTool.Running load =
        RealTool.start(fio(uri, "randwrite", "--bsrange=512-64k", "--loops=3", "--fsync=256"));
    ReplicatedCluster.await("load runs", () -> host.served("write") > 200);
    for (String node : ReplicatedCluster.NODES) {
      cluster.killNode(node);
    }
    for (String node : ReplicatedCluster.NODES) {
      cluster.startNode(node);
    }

    load.await().requireSuccess();
    ReplicatedCluster.awaitInSync(host, "disk", 3);
  }

  /** Data with holes. */
  private Path image(String name, long seed) throws Exception {
    Path image = directory.resolve(name);
    byte[] bytes = new byte[(int) SIZE];
    Random random = new Random(seed);
    for (int start = 0; start < bytes.length; start += 1 << 20) {
      if (random.nextBoolean()) {
        byte[] piece = new byte[1 + random.nextInt(1 << 20)];
        random.nextBytes(piece);
        System.arraycopy(piece, 0, bytes, start, piece.length);
      }
    }
    Files.write(image, bytes);
    return image;
  }
}
