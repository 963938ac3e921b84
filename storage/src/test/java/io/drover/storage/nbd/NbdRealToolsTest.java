package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.tool.RealTool;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs that people and QEMU use work against the server, on both kinds of socket. */
@Tag("real")
final class NbdRealToolsTest {
  private static final long SIZE = 64L << 20;

  enum Transport {
    UNIX,
    TCP
  }

  @TempDir Path directory;
  private MemoryBlockDevice device;
  private NbdServer server;
  private NbdExport unix;

  @BeforeEach
  void serve() throws IOException {
    device = new MemoryBlockDevice(SIZE);
    NbdSettings settings =
        NbdSettings.defaults()
            .withTcpAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server = NbdServer.open(settings, new NbdMetrics(new CollectorRegistry()));
    unix = server.serveUnix(directory.resolve("disk.sock"), "disk", device);
    server.offer("disk", device);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String uri(Transport transport) throws IOException {
    return switch (transport) {
      case UNIX -> "nbd+unix:///disk?socket=" + unix.socket();
      case TCP -> "nbd://127.0.0.1:" + server.tcpAddress().orElseThrow().getPort() + "/disk";
    };
  }

  @ParameterizedTest
  @EnumSource
  void nbdinfoSeesWhatIsOffered(Transport transport) throws Exception {
    String json = RealTool.run("nbdinfo", "--json", uri(transport)).requireSuccess().output();

    assertThat(json)
        .contains("\"protocol\": \"newstyle-fixed\"")
        .contains("\"structured\": true")
        .contains("\"export-name\": \"disk\"")
        .contains("\"export-size\": " + SIZE)
        .contains("\"can_multi_conn\": true")
        .contains("\"can_fua\": true")
        .contains("\"can_flush\": true")
        .contains("\"can_trim\": true")
        .contains("\"can_zero\": true")
        .contains("\"can_df\": true")
        .contains("\"can_fast_zero\": false")
        .contains("\"is_read_only\": false")
        .contains("base:allocation");
    assertThat(RealTool.run("nbdinfo", "--list", uri(transport)).requireSuccess().output())
        .contains("export=\"disk\"");
  }

  @ParameterizedTest
  @EnumSource
  void nbdcopyBringsAnImageInAndOutUnchanged(Transport transport) throws Exception {
    Path source = randomImage("in.img", 7);
    Path copy = directory.resolve("out.img");

    RealTool.run("nbdcopy", "--flush", source.toString(), uri(transport)).requireSuccess();
    RealTool.run("nbdcopy", uri(transport), copy.toString()).requireSuccess();

    assertThat(Files.mismatch(source, copy)).isEqualTo(-1);
    assertThat(device.flushes()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void qemuIoReadsBackWhatItWroteDiscardedAndZeroed(Transport transport) throws Exception {
    RealTool.Result result =
        RealTool.run(
            "qemu-io",
            "-f",
            "raw",
            "-c",
            "write -P 0x5a 4k 1M",
            "-c",
            "write -f -P 0x33 3M 512",
            "-c",
            "write -z 64k 64k",
            "-c",
            "write -z -u 256k 64k",
            "-c",
            "discard 512k 64k",
            "-c",
            "flush",
            "-c",
            "read -P 0x5a 4k 60k",
            "-c",
            "read -P 0 64k 64k",
            "-c",
            "read -P 0x5a 128k 128k",
            "-c",
            "read -P 0 256k 64k",
            "-c",
            "read -P 0x5a 320k 192k",
            "-c",
            "read -P 0 512k 64k",
            "-c",
            "read -P 0x33 3M 512",
            "-c",
            "read -P 0 3146240 512",
            "-d",
            "unmap",
            uri(transport));

    assertThat(result.requireSuccess().output()).doesNotContain("failed").doesNotContain("error");
    assertThat(device.flushes()).isPositive();
    assertThat(device.trims()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void qemuImgConvertsComparesAndMaps(Transport transport) throws Exception {
    Path source = randomImage("source.img", 8);
    Path back = directory.resolve("back.qcow2");
    String target = uri(transport);

    RealTool.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", source.toString(), target)
        .requireSuccess();
    RealTool.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", target, back.toString())
        .requireSuccess();

    RealTool.run("qemu-img", "compare", "-f", "raw", "-F", "raw", source.toString(), target)
        .requireSuccess();
    RealTool.run("qemu-img", "compare", "-f", "qcow2", "-F", "raw", back.toString(), target)
        .requireSuccess();
    String map =
        RealTool.run("qemu-img", "map", "-f", "raw", "--output=json", target)
            .requireSuccess()
            .output();
    assertThat(map).contains("\"zero\": true").contains("\"data\": true");
  }

  @ParameterizedTest
  @EnumSource
  void fioVerifiesItsChecksums(Transport transport) throws Exception {
    RealTool.Result result =
        RealTool.run(
            "fio",
            "--name=verify",
            "--ioengine=nbd",
            "--uri=" + uri(transport),
            "--rw=randrw",
            "--bsrange=512-64k",
            "--iodepth=16",
            "--size=16m",
            "--verify=crc32c",
            "--verify_fatal=1",
            "--verify_state_save=0",
            "--fsync=64",
            "--randseed=11");

    assertThat(result.requireSuccess().output()).contains("err= 0");
  }

  /** Data with holes, so that zero detection and block status have something to find. */
  private Path randomImage(String name, long seed) throws IOException {
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
