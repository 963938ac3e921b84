package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.nbd.NbdTestClient.OptionReply;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class NbdHandshakeTest {
  private static final int UNSUPPORTED = (1 << 31) + 1;
  private static final int INVALID = (1 << 31) + 3;
  private static final int UNKNOWN = (1 << 31) + 6;
  private static final int TOO_BIG = (1 << 31) + 9;
  private static final long SIZE = 1L << 40;

  @TempDir Path directory;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final MemoryBlockDevice device = new MemoryBlockDevice(SIZE);
  private NbdServer server;
  private NbdExport export;

  @BeforeEach
  void serve() throws IOException {
    server =
        NbdServer.open(
            NbdSettings.defaults()
                .withTcpAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            new NbdMetrics(registry));
    export = server.serveUnix(directory.resolve("a.sock"), "disk", device);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private NbdTestClient client() throws IOException {
    return NbdTestClient.connect(export.socket()).greet(3);
  }

  private NbdTestClient tcpClient() throws IOException {
    return NbdTestClient.connect(server.tcpAddress().orElseThrow()).greet(3);
  }

  @Test
  void goTellsSizeFlagsNameAndBlockSizes() throws IOException {
    try (NbdTestClient client = client()) {
      List<OptionReply> replies = client.option(7, NbdTestClient.info("disk", 3, 1, 99));

      assertThat(replies).extracting(OptionReply::type).containsExactly(3, 3, 3, 1);
      ByteBuffer main = ByteBuffer.wrap(replies.get(0).data());
      assertThat(main.getShort()).isZero();
      assertThat(main.getLong()).isEqualTo(SIZE);
      // flags, flush, fua, trim, write zeroes, multi-conn, cache
      assertThat(main.getShort()).isEqualTo((short) 0b101_0110_1101);
      ByteBuffer sizes = ByteBuffer.wrap(replies.get(1).data());
      assertThat(sizes.getShort()).isEqualTo((short) 3);
      assertThat(sizes.getInt()).isEqualTo(1);
      assertThat(sizes.getInt()).isEqualTo(4096);
      assertThat(sizes.getInt()).isEqualTo(4 << 20);
      assertThat(new String(replies.get(2).data(), 2, 4, StandardCharsets.UTF_8)).isEqualTo("disk");
      assertThat(client.read(0, 8)).containsOnly(0);
    }
  }

  @Test
  void dontFragmentIsOfferedOnlyWithStructuredReplies() throws IOException {
    try (NbdTestClient client = client()) {
      client.option(8, new byte[0]);
      ByteBuffer main = ByteBuffer.wrap(client.option(6, NbdTestClient.info("disk")).get(0).data());

      assertThat(main.getShort(10) & (1 << 7)).isNotZero();
    }
  }

  @Test
  void readOnlyExportSaysSo() throws IOException {
    server.offer("frozen", device, true);
    try (NbdTestClient client = tcpClient()) {
      ByteBuffer main =
          ByteBuffer.wrap(client.option(6, NbdTestClient.info("frozen")).get(0).data());

      assertThat(main.getShort(10) & (1 << 1)).isNotZero();
    }
  }

  @Test
  void emptyNameIsTheDefaultExport() throws IOException {
    try (NbdTestClient client = client()) {
      assertThat(client.option(7, NbdTestClient.info("")).getLast().type()).isEqualTo(1);
      assertThat(client.read(0, 1)).hasSize(1);
    }
  }

  @Test
  void unknownExportIsRefusedAndTheClientMayAskAgain() throws IOException {
    try (NbdTestClient client = client()) {
      List<OptionReply> refused = client.option(7, NbdTestClient.info("other"));

      assertThat(refused).extracting(OptionReply::type).containsExactly(UNKNOWN);
      assertThat(refused.getFirst().text()).contains("'other'");
      assertThat(client.option(7, NbdTestClient.info("disk")).getLast().type()).isEqualTo(1);
    }
  }

  @Test
  void listNamesWhatIsOfferedOnTcp() throws IOException {
    server.offer("b", device);
    server.offer("a", device);
    server.offer("c", device);
    server.withdraw("c");
    server.withdraw("never-there");
    try (NbdTestClient client = tcpClient()) {
      List<OptionReply> replies = client.option(3, new byte[0]);

      assertThat(replies).extracting(OptionReply::type).containsExactly(2, 2, 1);
      assertThat(replies.get(0).data()).containsExactly(0, 0, 0, 1, 'a');
      assertThat(replies.get(1).data()).containsExactly(0, 0, 0, 1, 'b');
    }
  }

  @Test
  void exportNameEntersWithAndWithoutPadding() throws IOException {
    byte[] name = "disk".getBytes(StandardCharsets.UTF_8);
    for (int flags : new int[] {1, 3}) {
      try (NbdTestClient client = NbdTestClient.connect(export.socket()).greet(flags)) {
        client.sendOption(1, name);
        ByteBuffer answer = client.receive(flags == 1 ? 134 : 10);

        assertThat(answer.getLong()).isEqualTo(SIZE);
        assertThat(client.read(4096, 512)).containsOnly(0);
      }
    }
  }

  @Test
  void exportNameThatIsUnknownEndsTheConnection() throws IOException {
    try (NbdTestClient client = client()) {
      client.sendOption(1, "other".getBytes(StandardCharsets.UTF_8));

      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void abortIsAcknowledgedAndEndsTheConnection() throws IOException {
    try (NbdTestClient client = client()) {
      assertThat(client.option(2, new byte[] {1, 2}))
          .extracting(OptionReply::type)
          .containsExactly(1);
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void unknownOptionsAndTlsAreUnsupported() throws IOException {
    try (NbdTestClient client = client()) {
      for (int option : new int[] {5, 4, 11, 12, 12_345, -1}) {
        assertThat(client.option(option, new byte[7]).getLast().type()).isEqualTo(UNSUPPORTED);
      }
      assertThat(client.option(7, NbdTestClient.info("disk")).getLast().type()).isEqualTo(1);
    }
  }

  @Test
  void misshapenOptionsAreInvalidAndTheClientMayGoOn() throws IOException {
    try (NbdTestClient client = client()) {
      assertThat(client.option(3, new byte[1]).getLast().type()).isEqualTo(INVALID);
      assertThat(client.option(8, new byte[1]).getLast().type()).isEqualTo(INVALID);
      assertThat(client.option(7, new byte[0]).getLast().type()).isEqualTo(INVALID);
      assertThat(client.option(7, new byte[] {0, 0, 0, 9, 'x', 0}).getLast().type())
          .isEqualTo(INVALID);
      assertThat(client.option(7, new byte[] {-1, -1, -1, -1, 0, 0}).getLast().type())
          .isEqualTo(INVALID);
      assertThat(client.option(6, new byte[] {0, 0, 0, 0, 0, 9}).getLast().type())
          .isEqualTo(INVALID);
      assertThat(client.option(12, new byte[100_000]).getLast().type()).isEqualTo(TOO_BIG);
      assertThat(client.option(7, NbdTestClient.info("disk")).getLast().type()).isEqualTo(1);
    }
  }

  @Test
  void hugeOptionEndsTheConnection() throws IOException {
    try (NbdTestClient client = client()) {
      client.send(
          ByteBuffer.allocate(16)
              .putLong(0x49484156454F5054L)
              .putInt(7)
              .putInt(Integer.MIN_VALUE)
              .flip());

      assertThat(client.ended()).isTrue();
      assertThat(registry.getSampleValue("drover_nbd_protocol_errors_total")).isEqualTo(1.0);
    }
  }

  @Test
  void unknownClientFlagsEndTheConnection() throws IOException {
    try (NbdTestClient client = NbdTestClient.connect(export.socket()).greet(7)) {
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void allocationContextIsListedAndSelected() throws IOException {
    try (NbdTestClient client = client()) {
      client.option(8, new byte[0]);

      assertThat(types(client.option(9, NbdTestClient.metaContext("disk")))).containsExactly(4, 1);
      assertThat(types(client.option(9, NbdTestClient.metaContext("disk", "base:"))))
          .containsExactly(4, 1);
      assertThat(types(client.option(9, NbdTestClient.metaContext("disk", "qemu:dirty-bitmap:x"))))
          .containsExactly(1);
      assertThat(types(client.option(10, NbdTestClient.metaContext("disk", "base:"))))
          .containsExactly(1);
      assertThat(types(client.option(10, NbdTestClient.metaContext("disk")))).containsExactly(1);
      List<OptionReply> selected =
          client.option(10, NbdTestClient.metaContext("disk", "x:y", "base:allocation"));
      assertThat(types(selected)).containsExactly(4, 1);
      assertThat(selected.getFirst().text()).endsWith("base:allocation");
    }
  }

  @Test
  void contextsNeedStructuredRepliesAndAKnownExport() throws IOException {
    try (NbdTestClient client = client()) {
      byte[] query = NbdTestClient.metaContext("disk", "base:allocation");
      assertThat(types(client.option(10, query))).containsExactly(INVALID);
      client.option(8, new byte[0]);
      assertThat(types(client.option(10, NbdTestClient.metaContext("other", "base:allocation"))))
          .containsExactly(UNKNOWN);
      assertThat(types(client.option(10, new byte[] {0, 0, 0, 0, 0, 0, 9, 9})))
          .containsExactly(TOO_BIG);
      assertThat(types(client.option(10, new byte[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9})))
          .containsExactly(INVALID);
    }
  }

  @Test
  void failedSelectionForgetsTheEarlierOne() throws IOException {
    try (NbdTestClient client = client()) {
      client.option(8, new byte[0]);
      client.option(10, NbdTestClient.metaContext("disk", "base:allocation"));
      client.option(10, NbdTestClient.metaContext("other", "base:allocation"));
      client.option(7, NbdTestClient.info("disk"));

      assertThat(client.call(7, 0, 0, 4096).error()).isEqualTo(22);
    }
  }

  @Test
  void selectionForAnotherExportDoesNotCount() throws IOException {
    server.offer("a", device);
    server.offer("b", device);
    try (NbdTestClient client = tcpClient()) {
      client.option(8, new byte[0]);
      client.option(10, NbdTestClient.metaContext("a", "base:allocation"));
      client.option(7, NbdTestClient.info("b"));

      assertThat(client.call(7, 0, 0, 4096).error()).isEqualTo(22);
    }
  }

  @Test
  void clientThatNeverChoosesIsDisconnected() throws IOException {
    NbdSettings base = NbdSettings.defaults();
    NbdSettings hasty =
        new NbdSettings(
            Optional.empty(),
            base.maxRequestBytes(),
            base.maxInFlightRequests(),
            base.maxInFlightBytes(),
            base.maxHeldBytes(),
            base.maxConnections(),
            Duration.ofMillis(50),
            base.messageTimeout(),
            base.drainTimeout());
    try (NbdServer strict = NbdServer.open(hasty, new NbdMetrics(new CollectorRegistry()));
        NbdExport served = strict.serveUnix(directory.resolve("b.sock"), "disk", device);
        NbdTestClient silent = NbdTestClient.connect(served.socket())) {
      assertThat(silent.ended()).isTrue();
    }
  }

  @Test
  void clientThatOnlyAsksIsDisconnected() throws IOException {
    try (NbdTestClient client = client()) {
      for (int i = 0; i < 256; i++) {
        client.option(3, new byte[0]);
      }

      assertThat(client.ended()).isTrue();
    }
  }

  private static List<Integer> types(List<OptionReply> replies) {
    return replies.stream().map(OptionReply::type).toList();
  }
}
