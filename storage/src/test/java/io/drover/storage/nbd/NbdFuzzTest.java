package io.drover.storage.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.block.MemoryBlockDevice;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that send nonsense hurt themselves alone, and valid requests in any mixture do what a
 * plain array does. A failure names its seed, which replays it.
 */
@Timeout(60)
final class NbdFuzzTest {
  private static final int SIZE = 1 << 20;
  private static final int ROUNDS = 40;

  @TempDir Path directory;
  private final MemoryBlockDevice victim = new MemoryBlockDevice(SIZE);
  private final MemoryBlockDevice device = new MemoryBlockDevice(SIZE);
  private NbdServer server;
  private NbdExport attacked;
  private NbdExport quiet;

  static List<Long> seeds() {
    return new Random(20_260_102).longs(12).boxed().toList();
  }

  @BeforeEach
  void serve() throws IOException {
    server = NbdServer.open(NbdSettings.defaults(), new NbdMetrics(new CollectorRegistry()));
    attacked = server.serveUnix(directory.resolve("a"), "disk", victim);
    quiet = server.serveUnix(directory.resolve("b"), "quiet", device);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void brokenHandshakesHurtNobodyElse(long seed) throws IOException {
    Random random = new Random(seed);
    try (NbdTestClient witness = NbdTestClient.open(quiet.socket(), "quiet")) {
      for (int round = 0; round < ROUNDS; round++) {
        try (NbdTestClient client = NbdTestClient.connect(attacked.socket())) {
          sendAndLeave(client, mutated(random, handshake(random)));
        }
        assertThat(witness.read(0, 512)).hasSize(512);
      }
    }
    assertThatTheAttackedStillServes();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void brokenRequestsHurtNobodyElse(long seed) throws IOException {
    Random random = new Random(seed);
    try (NbdTestClient witness = NbdTestClient.open(quiet.socket(), "quiet")) {
      for (int round = 0; round < ROUNDS; round++) {
        try (NbdTestClient client =
            random.nextBoolean()
                ? NbdTestClient.open(attacked.socket(), "disk")
                : NbdTestClient.openSimple(attacked.socket(), "disk")) {
          sendAndLeave(client, mutated(random, requests(random)));
        }
        assertThat(witness.read(0, 512)).hasSize(512);
      }
    }
    assertThatTheAttackedStillServes();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void validRequestsDoWhatAnArrayDoes(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] model = new byte[SIZE];
    try (NbdTestClient structured = NbdTestClient.open(quiet.socket(), "quiet");
        NbdTestClient simple = NbdTestClient.openSimple(quiet.socket(), "quiet")) {
      for (int step = 0; step < 400; step++) {
        NbdTestClient client = random.nextBoolean() ? structured : simple;
        int offset = random.nextInt(SIZE);
        int length = 1 + random.nextInt(Math.min(SIZE - offset, 1 + random.nextInt(40_000)));
        int fua = random.nextInt(2);
        switch (random.nextInt(5)) {
          case 0 -> {
            byte[] data = new byte[length];
            random.nextBytes(data);
            assertThat(client.write(offset, data, fua).error()).isZero();
            System.arraycopy(data, 0, model, offset, length);
          }
          case 1 -> {
            int noHole = 2 * random.nextInt(2);
            assertThat(client.call(6, fua | noHole, offset, length).error()).isZero();
            Arrays.fill(model, offset, offset + length, (byte) 0);
          }
          case 2 -> {
            assertThat(client.call(4, fua, offset, length).error()).isZero();
            Arrays.fill(model, offset, offset + length, (byte) 0);
          }
          case 3 -> assertHolesAreZero(structured.call(7, 0, offset, length), model, offset);
          default ->
              assertThat(client.read(offset, length))
                  .as("step %d at %d", step, offset)
                  .isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
        }
      }
      assertThat(simple.read(0, SIZE)).isEqualTo(model);
    }
  }

  private static void assertHolesAreZero(NbdTestClient.Reply status, byte[] model, int offset) {
    assertThat(status.error()).isZero();
    int at = offset;
    for (List<Integer> extent : status.extents()) {
      for (int i = 0; i < extent.get(0); i++, at++) {
        if (extent.get(1) != 0) {
          assertThat(model[at]).as("byte %d is told to be zero", at).isZero();
        }
      }
    }
  }

  private void assertThatTheAttackedStillServes() throws IOException {
    try (NbdTestClient client = NbdTestClient.open(attacked.socket(), "disk")) {
      assertThat(client.write(0, new byte[512], 0).error()).isZero();
      assertThat(client.read(0, 512)).containsOnly(0);
    }
  }

  /** The server may end the connection before it has taken everything. */
  private static void sendAndLeave(NbdTestClient client, byte[] bytes) throws IOException {
    Thread sending =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.send(ByteBuffer.wrap(bytes));
                client.endSending();
              } catch (IOException hungUp) {
                assertThat(hungUp).isNotNull();
              }
            });
    assertThat(client.ended()).isTrue();
    try {
      sending.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] handshake(Random random) {
    ByteBuffer bytes = ByteBuffer.allocate(64 << 10).putInt(3);
    int options = 1 + random.nextInt(8);
    for (int i = 0; i < options; i++) {
      int option = random.nextInt(13);
      byte[] data =
          switch (option) {
            case 6, 7 -> NbdTestClient.info("disk", 3, 1, random.nextInt(1 << 16));
            case 9, 10 -> NbdTestClient.metaContext("disk", "base:allocation", "base:");
            case 1 -> "disk".getBytes(StandardCharsets.UTF_8);
            case 11, 12 -> new byte[random.nextInt(4000)];
            default -> new byte[0];
          };
      bytes.putLong(0x49484156454F5054L).putInt(option).putInt(data.length).put(data);
    }
    return taken(bytes);
  }

  private static byte[] requests(Random random) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
    int count = 1 + random.nextInt(30);
    for (int i = 0; i < count; i++) {
      int type = random.nextInt(10);
      int length = random.nextInt(5000);
      bytes
          .putInt(0x25609513)
          .putShort((short) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2)))
          .putShort((short) type)
          .putLong(i)
          .putLong(random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(SIZE))
          .putInt(type != 1 && random.nextInt(8) == 0 ? random.nextInt() : length);
      if (type == 1) {
        bytes.put(new byte[length]);
      }
    }
    return taken(bytes);
  }

  private static byte[] mutated(Random random, byte[] original) {
    byte[] bytes = original.clone();
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        default -> {
          ByteBuffer longer = ByteBuffer.allocate(bytes.length + 7);
          byte[] noise = new byte[7];
          random.nextBytes(noise);
          longer.put(bytes, 0, at).put(noise).put(bytes, at, bytes.length - at);
          bytes = longer.array();
        }
      }
    }
    return bytes;
  }

  private static byte[] taken(ByteBuffer bytes) {
    byte[] result = new byte[bytes.flip().remaining()];
    bytes.get(result);
    return result;
  }
}
