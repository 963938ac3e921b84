package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.block.MemoryBlockDevice.Operation;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What bounds a client, and what closing does. */
@Timeout(30)
final class NbdLimitsTest {
  private static final int SIZE = 64 << 20;
  private static final byte[] NOTHING = new byte[0];

  @TempDir Path directory;
  private final MemoryBlockDevice device = new MemoryBlockDevice(SIZE);

  private static NbdSettings settings(int requests, int bytes, int connections, Duration drain) {
    return settings(requests, bytes, 64 << 20, connections, Duration.ofSeconds(20), drain);
  }

  private static NbdSettings settings(
      int requests, int bytes, int held, int connections, Duration message, Duration drain) {
    return new NbdSettings(
        Optional.empty(),
        1 << 20,
        requests,
        bytes,
        held,
        connections,
        Duration.ofSeconds(10),
        message,
        drain);
  }

  private static NbdSettings impatient() {
    return settings(16, 4 << 20, 64 << 20, 8, Duration.ofMillis(200), Duration.ofSeconds(5));
  }

  private static NbdServer open(NbdSettings settings) throws IOException {
    return NbdServer.open(settings, new NbdMetrics(new CollectorRegistry()));
  }

  private static void park(Semaphore gate) throws BlockIoException {
    try {
      gate.acquire();
    } catch (InterruptedException e) {
      throw new BlockIoException(BlockIoException.Reason.SHUTDOWN, "interrupted", e);
    }
  }

  @Test
  void requestsBeyondTheLimitWaitOutsideTheDevice() throws Exception {
    Semaphore gate = new Semaphore(0);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(4);
    device.intercept((operation, offset, length) -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      full.countDown();
      park(gate);
      inside.decrementAndGet();
    });
    try (NbdServer server = open(settings(4, 1 << 20, 8, Duration.ofSeconds(5)));
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdTestClient client = NbdTestClient.open(export.socket(), "disk")) {
      for (int i = 0; i < 40; i++) {
        client.request(0, 0, 0, 512, NOTHING);
      }
      full.await();
      gate.release(40);
      for (int i = 0; i < 40; i++) {
        assertThat(client.reply(0).error()).isZero();
      }
    }
    assertThat(most.get()).isEqualTo(4);
  }

  @Test
  void clientThatReadsNoRepliesHoldsUpNobodyElse() throws Exception {
    try (NbdServer server = open(settings(128, 4 << 20, 8, Duration.ofMillis(200)));
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdTestClient deaf = NbdTestClient.open(export.socket(), "disk");
        NbdTestClient other = NbdTestClient.open(export.socket(), "disk")) {
      AtomicInteger reads = new AtomicInteger();
      CountDownLatch full = new CountDownLatch(4);
      device.intercept((operation, offset, length) -> {
        if (length == 1 << 20) {
          reads.incrementAndGet();
          full.countDown();
        }
      });
      for (int i = 0; i < 64; i++) {
        deaf.request(0, 0, 0, 1 << 20, NOTHING);
      }
      full.await();

      for (int i = 0; i < 100; i++) {
        assertThat(other.read(i * 4096L, 4096)).hasSize(4096);
      }
      // 4 MiB may be in memory; what the socket itself swallowed comes on top.
      assertThat(reads.get()).isLessThanOrEqualTo(8);
    }
  }

  @Test
  void clientThatTakesNoRepliesIsDisconnectedInTheEnd() throws Exception {
    CollectorRegistry registry = new CollectorRegistry();
    try (NbdServer server = NbdServer.open(impatient(), new NbdMetrics(registry));
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdTestClient deaf = NbdTestClient.open(export.socket(), "disk")) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  deaf.request(0, 0, 0, 1 << 20, NOTHING);
                }
              })
          .isInstanceOf(IOException.class);

      awaitNoConnections(export);
      assertThat(registry.getSampleValue("drover_nbd_connections_late_total")).isEqualTo(1.0);
      assertThat(registry.getSampleValue("drover_nbd_requests_in_flight")).isZero();
    }
  }

  @Test
  void clientThatStopsInsideARequestIsDisconnected() throws Exception {
    try (NbdServer server = open(impatient());
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdTestClient insideHeader = NbdTestClient.open(export.socket(), "disk");
        NbdTestClient insidePayload = NbdTestClient.open(export.socket(), "disk");
        NbdTestClient insideRefused = NbdTestClient.open(export.socket(), "disk")) {
      insideHeader.send(ByteBuffer.wrap(new byte[] {0x25, 0x60}));
      insidePayload.request(1, 0, 0, 4096, new byte[100]);
      insideRefused.request(1, 0, 0, 2 << 20, new byte[100]);

      assertThat(insideHeader.ended()).isTrue();
      assertThat(insidePayload.ended()).isTrue();
      assertThat(insideRefused.ended()).isTrue();
      awaitNoConnections(export);
    }
    assertThat(device.allocatedBlocks()).isZero();
  }

  @Test
  void slowDeviceIsNoFaultOfTheClientAndSilenceIsNone() throws Exception {
    Semaphore gate = new Semaphore(0);
    device.intercept((operation, offset, length) -> park(gate));
    try (NbdServer server = open(impatient());
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdTestClient waiting = NbdTestClient.open(export.socket(), "disk");
        NbdTestClient silent = NbdTestClient.open(export.socket(), "disk");
        NbdTestClient late = NbdTestClient.open(export.socket(), "disk")) {
      waiting.request(1, 0, 0, 4096, new byte[4096]);
      // When this one has been found late, the others have been looked at for as long.
      late.send(ByteBuffer.wrap(new byte[] {0x25}));
      assertThat(late.ended()).isTrue();
      gate.release(2);

      assertThat(waiting.reply(0).error()).isZero();
      assertThat(silent.read(0, 1)).hasSize(1);
    }
  }

  @Test
  void memoryIsSharedAndModestClientsGoOnWithoutIt() throws Exception {
    Semaphore gate = new Semaphore(0);
    AtomicInteger inside = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(2);
    MemoryBlockDevice stuck = new MemoryBlockDevice(SIZE);
    stuck.intercept((operation, offset, length) -> {
      inside.incrementAndGet();
      full.countDown();
      park(gate);
    });
    NbdSettings settings =
        settings(16, 2 << 20, 2 << 20, 8, Duration.ofSeconds(20), Duration.ofSeconds(5));
    try (NbdServer server = open(settings);
        NbdExport export = server.serveUnix(directory.resolve("a"), "stuck", stuck);
        NbdExport other = server.serveUnix(directory.resolve("b"), "disk", device);
        NbdTestClient first = NbdTestClient.open(export.socket(), "stuck");
        NbdTestClient second = NbdTestClient.open(export.socket(), "stuck");
        NbdTestClient modest = NbdTestClient.open(other.socket(), "disk")) {
      for (int i = 0; i < 2; i++) {
        first.request(0, 0, 0, 1 << 20, NOTHING);
      }
      full.await();
      second.request(0, 0, 0, 1 << 20, NOTHING);

      for (int i = 0; i < 100; i++) {
        assertThat(modest.read(0, PayloadRoom.OWN_BYTES)).hasSize(PayloadRoom.OWN_BYTES);
      }
      assertThat(inside.get()).isEqualTo(2);
      gate.release(3);
      assertThat(first.reply(0).error()).isZero();
      assertThat(first.reply(0).error()).isZero();
      assertThat(second.reply(0).error()).isZero();
    }
  }

  @Test
  void clientsOfOneSocketTakeNoPlacesOfAnother() throws Exception {
    try (NbdServer server = open(settings(4, 1 << 20, 1, Duration.ofSeconds(5)));
        NbdExport a = server.serveUnix(directory.resolve("a"), "disk", device);
        NbdExport b = server.serveUnix(directory.resolve("b"), "disk", device);
        NbdTestClient onA = NbdTestClient.open(a.socket(), "disk");
        NbdTestClient onB = NbdTestClient.open(b.socket(), "disk");
        NbdTestClient tooMany = NbdTestClient.connect(a.socket())) {
      assertThat(tooMany.ended()).isTrue();
      assertThat(onA.read(0, 1)).hasSize(1);
      assertThat(onB.read(0, 1)).hasSize(1);
    }
  }

  private static void awaitNoConnections(NbdExport export) {
    while (export.connections() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreRefusedAndPlacesComeBack() throws Exception {
    try (NbdServer server = open(settings(4, 1 << 20, 2, Duration.ofSeconds(5)));
        NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device)) {
      NbdTestClient first = NbdTestClient.open(export.socket(), "disk");
      try (NbdTestClient second = NbdTestClient.open(export.socket(), "disk");
          NbdTestClient third = NbdTestClient.connect(export.socket())) {
        assertThat(third.ended()).isTrue();
        assertThat(second.read(0, 1)).hasSize(1);
      }
      first.request(2, 0, 0, 0, NOTHING);
      assertThat(first.ended()).isTrue();
      first.close();
      try (NbdTestClient again = openWhenThereIsRoom(export)) {
        assertThat(again.read(0, 1)).hasSize(1);
      }
    }
  }

  /** The server gives the place back just after the client sees the end. */
  private static NbdTestClient openWhenThereIsRoom(NbdExport export) {
    while (true) {
      try {
        return NbdTestClient.open(export.socket(), "disk");
      } catch (IOException refused) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void closingAnswersWhatIsUnderWay() throws Exception {
    Semaphore gate = new Semaphore(0);
    CountDownLatch inside = new CountDownLatch(1);
    device.intercept((operation, offset, length) -> {
      if (operation == Operation.WRITE) {
        inside.countDown();
        park(gate);
      }
    });
    NbdServer server = open(settings(4, 1 << 20, 8, Duration.ofSeconds(20)));
    NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
    NbdTestClient client = NbdTestClient.open(export.socket(), "disk");
    long cookie = client.request(1, 0, 0, 512, new byte[512]);
    inside.await();
    Thread closing = Thread.ofVirtual().start(server::close);
    gate.release();

    assertThat(client.reply(0).cookie()).isEqualTo(cookie);
    assertThat(client.ended()).isTrue();
    closing.join();
    assertThat(Files.exists(export.socket())).isFalse();
    assertThat(export.connections()).isZero();
    client.close();
  }

  @Test
  void closingWaitsNoLongerThanAllowedForADeviceThatHangs() throws Exception {
    Semaphore gate = new Semaphore(0);
    CountDownLatch inside = new CountDownLatch(1);
    device.intercept((operation, offset, length) -> {
      inside.countDown();
      park(gate);
    });
    NbdServer server = open(settings(4, 1 << 20, 8, Duration.ofMillis(100)));
    NbdExport export = server.serveUnix(directory.resolve("a"), "disk", device);
    try (NbdTestClient client = NbdTestClient.open(export.socket(), "disk")) {
      client.request(0, 0, 0, 512, NOTHING);
      inside.await();
      server.close();

      assertThat(client.ended()).isTrue();
    } finally {
      gate.release();
    }
  }

  @Test
  void withdrawnExportDisconnectsItsClientsAlone() throws Exception {
    NbdSettings tcp =
        settings(4, 1 << 20, 8, Duration.ofSeconds(5))
            .withTcpAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (NbdServer server = open(tcp)) {
      server.offer("a", device);
      server.offer("b", device);
      InetSocketAddress address = server.tcpAddress().orElseThrow();
      try (NbdTestClient toA = NbdTestClient.connect(address).greet(3);
          NbdTestClient toB = NbdTestClient.connect(address).greet(3)) {
        toA.option(7, NbdTestClient.info("a"));
        toB.option(7, NbdTestClient.info("b"));
        toA.read(0, 1);
        toB.read(0, 1);

        server.withdraw("a");

        assertThat(toA.ended()).isTrue();
        assertThat(toB.read(0, 1)).hasSize(1);
      }
    }
  }

  @Test
  void socketThatACrashLeftIsReplacedAndALiveOneIsNot() throws Exception {
    Path socket = directory.resolve("a");
    Files.createFile(socket);
    try (NbdServer server = open(NbdSettings.defaults());
        NbdServer rival = open(NbdSettings.defaults())) {
      NbdExport export = server.serveUnix(socket, "disk", device);

      assertThatThrownBy(() -> rival.serveUnix(socket, "disk", device))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process is listening");
      assertThat(Files.getPosixFilePermissions(socket)).hasSize(2);
      export.close();
      export.close();
      rival.serveUnix(socket, "disk", device).close();
    }
  }

  @Test
  void socketPathThatIsTooLongIsToldBeforeTheSystemDoes() throws Exception {
    Path socket = directory.resolve("x".repeat(120));
    try (NbdServer server = open(NbdSettings.defaults())) {
      assertThatThrownBy(() -> server.serveUnix(socket, "disk", device))
          .hasMessageContaining("choose a shorter run directory");
    }
  }

  @Test
  void settingsOutsideTheirRangesAreRefusedByName() {
    List<Runnable> wrong = new ArrayList<>();
    wrong.add(() -> settings(0, 1 << 20, 8, Duration.ofSeconds(1)));
    wrong.add(() -> settings(1, 1 << 19, 8, Duration.ofSeconds(1)));
    wrong.add(() -> settings(1, 1 << 20, 0, Duration.ofSeconds(1)));
    wrong.add(() -> settings(1, 1 << 20, 1, Duration.ZERO));
    wrong.add(() -> settings(1, 1 << 20, 1 << 19, 1, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    wrong.add(() -> settings(1, 1 << 20, 1 << 20, 1, Duration.ZERO, Duration.ofSeconds(1)));
    for (Runnable one : wrong) {
      assertThatThrownBy(one::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be");
    }
  }
}
