package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.BlockIoException;
import io.drover.storage.block.BlockIoException.Reason;
import io.drover.storage.block.MemoryBlockDevice;
import io.drover.storage.block.MemoryBlockDevice.Operation;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class NbdTransmissionTest {
  private static final int SIZE = 8 << 20;
  private static final int FUA = 1;
  private static final int NO_HOLE = 2;
  private static final int DF = 4;
  private static final int REQ_ONE = 8;

  private static final int EPERM = 1;
  private static final int EINVAL = 22;
  private static final int ENOSPC = 28;

  @TempDir Path directory;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final MemoryBlockDevice device = new MemoryBlockDevice(SIZE);
  private NbdServer server;
  private NbdExport export;
  private NbdTestClient client;

  @BeforeEach
  void serve() throws IOException {
    server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(registry));
    export = server.serveUnix(directory.resolve("a.sock"), "disk", device);
    client = NbdTestClient.open(export.socket(), "disk");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void unalignedWritesReadBackThroughBothKindsOfReply() throws IOException {
    byte[] data = bytes(100_001, 1);
    client.write(4_095, data, 0);

    try (NbdTestClient simple = NbdTestClient.openSimple(export.socket(), "disk")) {
      assertThat(simple.read(4_095, data.length)).isEqualTo(data);
    }
    assertThat(client.read(4_095, data.length)).isEqualTo(data);
    assertThat(client.read(4_094, 3)[0]).isZero();
  }

  @Test
  void readThatMustNotFragmentComesInOneChunk() throws IOException {
    client.write(0, bytes(4096, 2), 0);

    NbdTestClient.Reply reply = client.call(0, DF, 0, 1 << 20);

    assertThat(reply.flags()).isEqualTo(1);
    assertThat(reply.type()).isEqualTo(1);
    assertThat(reply.data()).hasSize((1 << 20) + 8);
  }

  @Test
  void fuaAndFlushReachTheDevice() throws IOException {
    assertThat(client.write(0, new byte[512], FUA).error()).isZero();
    assertThat(client.call(6, FUA, 0, 4096).error()).isZero();
    assertThat(client.call(3, 0, 0, 0).error()).isZero();

    assertThat(device.fuaWrites()).isEqualTo(2);
    assertThat(device.flushes()).isEqualTo(1);
  }

  @Test
  void trimAndWriteZeroesReadBackAsZeroAndKeepWhatIsAsked() throws IOException {
    client.write(0, bytes(64 << 10, 3), 0);

    assertThat(client.call(4, 0, 0, 8192).error()).isZero();
    assertThat(client.call(6, 0, 8192, 8192).error()).isZero();
    assertThat(device.allocatedBlocks()).isEqualTo(12);
    assertThat(client.call(6, NO_HOLE, 16_384, 8192).error()).isZero();
    assertThat(device.allocatedBlocks()).isEqualTo(12);

    assertThat(client.read(0, 24_576)).containsOnly(0);
  }

  @Test
  void blockStatusTellsDataAndHoles() throws IOException {
    client.write(8192, bytes(4096, 4), 0);

    assertThat(client.call(7, 0, 0, 1 << 20).extents())
        .containsExactly(List.of(8192, 3), List.of(4096, 0), List.of((1 << 20) - 12_288, 3));
    assertThat(client.call(7, REQ_ONE, 0, 1 << 20).extents()).containsExactly(List.of(8192, 3));
    assertThat(client.call(7, REQ_ONE, 100, 100).extents()).containsExactly(List.of(100, 3));
  }

  @Test
  void whoAsksForOneRunMakesTheDeviceLookNoFurtherThanNeeded() throws IOException {
    AtomicLong looked = new AtomicLong();
    client.write(3 << 20, bytes(4096, 4), 0);
    device.intercept((operation, offset, length) -> {
      if (operation == Operation.EXTENTS) {
        looked.addAndGet(length);
      }
    });

    assertThat(client.call(7, REQ_ONE, 3 << 20, 5 << 20).extents())
        .containsExactly(List.of(4096, 0));
    assertThat(looked.getAndSet(0)).isLessThanOrEqualTo(256 << 10);
    assertThat(client.call(7, REQ_ONE, 0, 8 << 20).extents()).containsExactly(List.of(3 << 20, 3));
    assertThat(looked.getAndSet(0)).isLessThanOrEqualTo(8 << 20);
    assertThat(client.call(7, REQ_ONE, (3 << 20) + 4096, (5 << 20) - 4096).extents())
        .containsExactly(List.of((5 << 20) - 4096, 3));
  }

  @Test
  void cacheIsHeardAndNothingHappens() throws IOException {
    assertThat(client.call(5, 0, 0, 4096).error()).isZero();
  }

  @Test
  void emptyRequestsSucceed() throws IOException {
    assertThat(client.call(0, 0, 0, 0).error()).isZero();
    assertThat(client.write(5, new byte[0], 0).error()).isZero();
    assertThat(client.call(4, 0, SIZE, 0).error()).isZero();
    assertThat(client.read(0, 1)).hasSize(1);
  }

  @ParameterizedTest(name = "command {0} flags {1} at {2} length {3} gives {4}")
  @CsvSource({
    // beyond the end
    "0, 0, 8388608, 1, 22",
    "0, 0, -1, 1, 22",
    "0, 0, 4194305, 4194304, 22",
    "4, 0, 8388607, 2, 22",
    "6, 0, 8388607, 2, 28",
    "6, 0, 9223372036854775807, 4096, 28",
    "7, 0, 8388608, 4096, 22",
    "5, 0, 8388608, 4096, 22",
    // too long to serve
    "0, 0, 0, 4194305, 75",
    "0, 0, 0, -1, 75",
    // flags that mean nothing there, and the fast zero that was not offered
    "0, 2, 0, 512, 22",
    "3, 4, 0, 0, 22",
    "6, 16, 0, 4096, 22",
    "4, 8, 0, 4096, 22",
    "0, 32768, 0, 512, 22",
    // a flush of a range, a status of nothing, commands that do not exist
    "3, 0, 0, 512, 22",
    "7, 0, 0, 0, 22",
    "8, 0, 0, 0, 22",
    "65535, 0, 0, 0, 22",
  })
  void senselessRequestIsRefusedAndTheConnectionGoesOn(
      int command, int flags, long offset, int length, int error) throws IOException {
    NbdTestClient.Reply reply = client.call(command, flags, offset, length);

    assertThat(reply.error()).isEqualTo(error);
    assertThat(reply.structured()).isTrue();
    assertThat(reply.flags()).isEqualTo(1);
    assertThat(client.read(0, 16)).hasSize(16);
  }

  @Test
  void writeBeyondTheEndIsRefusedAndItsDataIsNotTakenForRequests() throws IOException {
    assertThat(client.write(SIZE - 1, bytes(100_000, 5), 0).error()).isEqualTo(ENOSPC);
    assertThat(client.write(0, new byte[(4 << 20) + 1], 0).error()).isEqualTo(EINVAL);
    assertThat(client.read(SIZE - 4, 4)).containsOnly(0);
  }

  @Test
  void absurdlyLongWriteEndsTheConnection() throws IOException {
    client.request(1, 0, 0, -1, new byte[0]);

    assertThat(client.ended()).isTrue();
  }

  @Test
  void wrongMagicEndsThatConnectionOnly() throws IOException {
    try (NbdTestClient other = NbdTestClient.open(export.socket(), "disk")) {
      other.send(ByteBuffer.allocate(28));

      assertThat(other.ended()).isTrue();
    }
    assertThat(client.read(0, 16)).hasSize(16);
    assertThat(registry.getSampleValue("drover_nbd_protocol_errors_total")).isEqualTo(1.0);
  }

  @Test
  void readOnlyExportRefusesChanges() throws IOException {
    NbdExport frozen = server.serveUnix(directory.resolve("ro.sock"), "frozen", device, true);
    try (NbdTestClient reader = NbdTestClient.open(frozen.socket(), "frozen")) {
      assertThat(reader.write(0, new byte[512], 0).error()).isEqualTo(EPERM);
      assertThat(reader.call(4, 0, 0, 512).error()).isEqualTo(EPERM);
      assertThat(reader.call(6, 0, 0, 512).error()).isEqualTo(EPERM);
      assertThat(reader.call(3, 0, 0, 0).error()).isZero();
      assertThat(reader.read(0, 512)).hasSize(512);
    }
  }

  @ParameterizedTest
  @CsvSource({"IO, 5", "NO_SPACE, 28", "NOT_PERMITTED, 1", "INVALID, 22", "SHUTDOWN, 108"})
  void failureOfTheDeviceIsToldByItsReason(Reason reason, int error) throws IOException {
    device.failNextWith(reason);
    assertThat(client.write(0, new byte[512], 0).error()).isEqualTo(error);
    device.failNextWith(reason);
    assertThat(client.call(0, 0, 0, 512).error()).isEqualTo(error);
    try (NbdTestClient simple = NbdTestClient.openSimple(export.socket(), "disk")) {
      device.failNextWith(reason);
      assertThat(simple.call(0, 0, 0, 512).error()).isEqualTo(error);
    }

    assertThat(client.read(0, 512)).hasSize(512);
  }

  @Test
  void fencedDeviceEndsTheConnectionWithoutAnAnswer() throws IOException {
    device.failNextWith(Reason.FENCED);
    client.request(1, 0, 0, 512, new byte[512]);

    assertThat(client.ended()).isTrue();
  }

  @Test
  void clientsOfAFencedDeviceAreTurnedAwayForAMoment() throws IOException {
    device.failNextWith(Reason.FENCED);
    client.request(1, 0, 0, 512, new byte[512]);
    assertThat(client.ended()).isTrue();

    try (NbdTestClient again = NbdTestClient.connect(export.socket()).greet(3);
        NbdTestClient old = NbdTestClient.connect(export.socket()).greet(3)) {
      NbdTestClient.OptionReply refusal = again.option(7, NbdTestClient.info("disk")).getFirst();
      assertThat(refusal.type()).isEqualTo(0x80000007);
      assertThat(refusal.text()).contains("belongs to another node");
      old.sendOption(1, "disk".getBytes(StandardCharsets.UTF_8));
      assertThat(old.ended()).isTrue();
    }
    try (NbdTestClient served = openWhenTheMomentHasPassed()) {
      assertThat(served.read(0, 512)).hasSize(512);
    }
  }

  private NbdTestClient openWhenTheMomentHasPassed() throws IOException {
    while (true) {
      NbdTestClient again = NbdTestClient.connect(export.socket()).greet(3);
      if (!again.option(7, NbdTestClient.info("disk")).getLast().isError()) {
        return again;
      }
      again.close();
    }
  }

  @Test
  void deviceThatBreaksGivesAnErrorAndTheConnectionGoesOn() throws IOException {
    device.intercept((operation, offset, length) -> {
      throw new IllegalStateException("a bug");
    });
    assertThat(client.call(0, 0, 0, 512).error()).isEqualTo(5);
    device.intercept((operation, offset, length) -> {});

    assertThat(client.read(0, 512)).hasSize(512);
  }

  @Test
  void slowRequestIsOvertaken() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    device.intercept((operation, offset, length) -> {
      if (operation == Operation.FLUSH) {
        await(release);
      }
    });
    long flush = client.request(3, 0, 0, 0, new byte[0]);

    assertThat(client.read(0, 512)).hasSize(512);
    release.countDown();
    assertThat(client.reply(0).cookie()).isEqualTo(flush);
  }

  @Test
  void disconnectWaitsForWhatIsUnderWay() throws Exception {
    byte[] data = bytes(1 << 20, 6);
    client.request(1, 0, 0, data.length, data);
    client.request(2, 0, 0, 0, new byte[0]);

    assertThat(client.ended()).isTrue();
    try (NbdTestClient after = NbdTestClient.open(export.socket(), "disk")) {
      assertThat(after.read(0, data.length)).isEqualTo(data);
    }
  }

  @Test
  void resizeIsSeenOnReconnect() throws IOException {
    device.grow(SIZE * 2L);
    try (NbdTestClient after = NbdTestClient.connect(export.socket()).greet(3)) {
      byte[] answer = after.option(7, NbdTestClient.info("disk")).getFirst().data();

      assertThat(ByteBuffer.wrap(answer).getLong(2)).isEqualTo(SIZE * 2L);
      assertThat(after.write(SIZE, new byte[512], 0).error()).isZero();
    }
  }

  @Test
  void requestsAreCounted() throws IOException {
    client.write(0, new byte[4096], 0);
    device.failNextWith(Reason.IO);
    client.call(3, 0, 0, 0);
    client.close();
    server.close();

    assertThat(registry.getSampleValue("drover_nbd_connections")).isZero();
    assertThat(registry.getSampleValue("drover_nbd_requests_in_flight")).isZero();
    assertThat(sample("drover_nbd_bytes_total", "write")).isEqualTo(4096.0);
    assertThat(sample("drover_nbd_request_seconds_count", "write")).isEqualTo(1.0);
    assertThat(
            registry.getSampleValue(
                "drover_nbd_errors_total",
                new String[] {"command", "reason"},
                new String[] {"flush", "io"}))
        .isEqualTo(1.0);
  }

  private Double sample(String name, String command) {
    return registry.getSampleValue(name, new String[] {"command"}, new String[] {command});
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void await(CountDownLatch latch) throws BlockIoException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new BlockIoException(Reason.SHUTDOWN, "interrupted", e);
    }
  }
}
