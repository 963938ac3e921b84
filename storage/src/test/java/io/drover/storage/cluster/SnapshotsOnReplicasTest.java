package io.drover.storage.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.attach.AttachMode;
import io.drover.storage.attach.AttachedDisk;
import io.drover.storage.cluster.ReplicatedCluster.Host;
import io.drover.storage.tool.RealTool;
import io.drover.storage.transfer.ImageFile;
import io.drover.storage.transfer.ImageFormat;
import io.drover.storage.transfer.ImageTransfer;
import io.drover.storage.transfer.ImageTransfer.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What snapshots, reverts, clones and copies hold, byte by byte, by qemu-img's comparison. */
@Tag("real")
@Timeout(300)
final class SnapshotsOnReplicasTest {
  private static final long SIZE = 24L << 20;

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

  private void detach(String disk) throws Exception {
    AttachedDisk attached = host.attach(disk, AttachMode.HOLDER);
    attached.release();
    attached.detach();
  }

  private static void fill(String uri, int seed) throws Exception {
    RealTool.run(
            "fio",
            "--name=fill",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=randwrite",
            "--bsrange=4k-64k",
            "--size=24m",
            "--io_size=5m",
            "--iodepth=16",
            "--end_fsync=1",
            "--refill_buffers",
            "--randseed=" + seed)
        .requireSuccess();
  }

  private Path exported(String uri, String name) throws Exception {
    Path file = directory.resolve(name + ".qcow2");
    ImageTransfer.exportImage(uri, file, ImageFormat.QCOW2, false, percent -> {});
    return file;
  }

  private static RealTool.Result compare(String uri, Path file) throws Exception {
    return RealTool.run("qemu-img", "compare", "-f", "raw", "-F", "qcow2", uri, file.toString());
  }

  private static void assertSame(String uri, Path file) throws Exception {
    compare(uri, file).requireSuccess();
  }

  private static void assertDifferent(String uri, Path file) throws Exception {
    assertThat(compare(uri, file).exitCode()).isEqualTo(1);
  }

  @Test
  void exportedDiskComesBackEqual() throws Exception {
    String uri = attach("disk");
    fill(uri, 1);
    Path file = exported(uri, "out");
    assertSame(uri, file);
    ImageFile image = ImageTransfer.inspect(file);
    host.catalog().create(ReplicatedCluster.disk("copy", image.sizeBytes()));
    String copy = attach("copy");

    ImageTransfer.importImage(image, copy, Target.EMPTY, percent -> {});

    assertSame(copy, file);
    RealTool.run("qemu-img", "compare", "-f", "raw", "-F", "raw", copy, uri).requireSuccess();
    // Also once nothing is in any memory but the nodes'.
    detach("copy");
    assertSame(attach("copy"), file);
  }

  @Test
  void snapshotUnderLoadHoldsOneMomentAndIsCloned() throws Exception {
    AttachedDisk attached = host.attach("disk", AttachMode.HOLDER);
    String uri = Host.unixUri(attached);
    fill(uri, 1);
    Path before = exported(uri, "before");
    attached.snapshot("before");
    fill(uri, 2);
    assertDifferent(uri, before);
    RealTool.Running load =
        RealTool.start(
            "fio",
            "--name=load",
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=randwrite",
            "--bs=4k",
            "--size=24m",
            "--io_size=12m",
            "--iodepth=16",
            "--randseed=3");
    double written = host.served("write");
    ReplicatedCluster.await("load runs", () -> host.served("write") > written + 100);
    attached.snapshot("during");
    host.catalog().clone("disk", "during", "during-clone");
    Path during = exported(attach("during-clone"), "during");
    load.await().requireSuccess();

    host.catalog().clone("disk", "before", "before-clone");
    String clone = attach("before-clone");
    assertSame(clone, before);
    assertSame(attach("during-clone"), during);
    Path now = exported(uri, "now");
    fill(clone, 4);
    assertDifferent(clone, before);
    assertSame(uri, now);
    assertSame(attach("during-clone"), during);
  }

  @Test
  void revertBringsTheSnapshotBackAndNodesThatWereAwayLearnIt() throws Exception {
    String uri = attach("disk");
    fill(uri, 1);
    Path first = exported(uri, "first");
    host.attach("disk", AttachMode.HOLDER).snapshot("first");
    cluster.killNode("n3");
    fill(uri, 2);
    Path second = exported(uri, "second");
    detach("disk");
    host.catalog().snapshot("disk", "second");

    host.catalog().revert("disk", "first");
    assertSame(attach("disk"), first);
    fill(attach("disk"), 3);
    cluster.startNode("n3");
    ReplicatedCluster.awaitInSync(host, "disk", 3);
    detach("disk");
    host.catalog().revert("disk", "second");

    // The one that was away has to serve it.
    cluster.killNode("n1");
    assertSame(attach("disk"), second);
    cluster.startNode("n1");
    // Before the next one goes: with two of three not in sync the disk waits for good reason.
    ReplicatedCluster.awaitInSync(host, "disk", 3);
    cluster.killNode("n2");
    assertSame(attach("disk"), second);
    detach("disk");
    host.catalog().revert("disk", "first");
    assertSame(attach("disk"), first);
  }

  @Test
  void diskGrowsAndKeepsItsContent() throws Exception {
    String uri = attach("disk");
    fill(uri, 1);
    Path before = exported(uri, "before");

    host.attach("disk", AttachMode.HOLDER).resize(2 * SIZE);

    assertThat(RealTool.run("nbdinfo", "--size", uri).requireSuccess().output().strip())
        .isEqualTo(Long.toString(2 * SIZE));
    assertSame(uri, before);
    RealTool.run(
            "qemu-io",
            "-f",
            "raw",
            "-c",
            "write -P 9 40M 1M",
            "-c",
            "read -P 9 40M 1M",
            "-c",
            "read -P 0 47M 1M",
            uri)
        .requireSuccess();
  }
}
