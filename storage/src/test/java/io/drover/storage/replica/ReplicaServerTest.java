package io.drover.storage.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.storage.disk.DiskId;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service under clients that do not keep the protocol, by hand-made frames. */
@Timeout(300)
class ReplicaServerTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final InMemoryReplica behind = new InMemoryReplica("node-1");
  private final CollectorRegistry registry = new CollectorRegistry();
  private ReplicaServer server;
  private RemoteReplica goodClient;

  @BeforeEach
  void open() throws IOException, ReplicaException {
    ReplicaSettings settings =
        TestSettings.of(Duration.ofMinutes(2), Duration.ofMillis(1), Duration.ofMillis(600), 16);
    server =
        ReplicaServer.open(
            "node-1",
            behind,
            settings,
            new ReplicaMetrics(registry),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    goodClient =
        new RemoteReplica(
            "node-1",
            _ -> Optional.of(server.address()),
            settings,
            new ReplicaMetrics(new CollectorRegistry()));
    goodClient.fence(ID, 1, true);
  }

  @AfterEach
  void close() {
    goodClient.close();
    server.close();
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(server.address());
  }

  private static void send(SocketChannel channel, List<ByteBuffer> frame) throws IOException {
    for (ByteBuffer buffer : frame) {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static List<ByteBuffer> hello(int lowest, int highest) {
    return Frame.encode(
        Verb.HELLO, 1, new Hello.Wanted(lowest, highest, "node-1").encode(), NOTHING);
  }

  /** Reads until the server closes; a reset is as good. */
  private static void awaitEnd(SocketChannel channel) {
    ByteBuffer sink = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(sink) >= 0) {
        sink.clear();
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private double protocolErrors() {
    return registry.getSampleValue("drover_replica_protocol_errors_total");
  }

  /** The other client, connected all the time, was not disturbed. */
  private void goodClientGoesOn() throws Exception {
    long next = behind.log(ID).size() + 1L;
    LogRecord record = LogRecord.zero(1, next, 0, 1, 0);
    goodClient.append(new AppendRequest(ID, 1, 0, record)).get();
  }

  @Test
  void noiseEndsItsConnectionAlone() throws Exception {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[24 + random.nextInt(4000)];
      random.nextBytes(noise);
      try (SocketChannel channel = connect()) {
        if (random.nextBoolean()) {
          send(channel, hello(1, 1));
        }
        send(channel, List.of(ByteBuffer.wrap(noise)));
        awaitEnd(channel);
      }
      assertThat(protocolErrors()).as("seed %s", seed).isEqualTo((double) seed);
    }
    goodClientGoesOn();
  }

  @Test
  void frameThatWasChangedOnTheWayIsNotBelieved() throws Exception {
    byte[] data = new byte[512];
    AppendRequest request =
        new AppendRequest(ID, 1, 0, LogRecord.data(1, 1, 0, 1, 0, ByteBuffer.wrap(data)));
    int length = Frame.HEADER_BYTES + Calls.encode(request).remaining() + data.length;
    for (int at = 0; at < length; at += 7) {
      ByteBuffer whole = ByteBuffer.allocate(length);
      Frame.encode(Verb.APPEND, 2, Calls.encode(request), ByteBuffer.wrap(data))
          .forEach(whole::put);
      whole.put(at, (byte) (whole.get(at) ^ 1)).flip();
      try (SocketChannel channel = connect()) {
        send(channel, hello(1, 1));
        send(channel, List.of(whole));
        awaitEnd(channel);
      }
    }
    assertThat(behind.log(ID)).isEmpty();
    goodClientGoesOn();
  }

  @Test
  void malformedCallIsAnsweredAsInvalidAndTheConnectionGoesOn() throws Exception {
    try (SocketChannel channel = connect()) {
      FrameReader reader = new FrameReader(channel);
      send(channel, hello(1, 1));
      assertThat(reader.next().verb()).isEqualTo(Verb.DONE);
      for (Verb verb : List.of(Verb.APPEND, Verb.READ, Verb.FENCE, Verb.FETCH, Verb.REPAIR)) {
        send(channel, Frame.encode(verb, 7, ByteBuffer.wrap(new byte[] {0, 3, 'a'}), NOTHING));
        Frame answer = reader.next();
        assertThat(answer.verb()).isEqualTo(Verb.FAILED);
        assertThat(answer.call()).isEqualTo(7);
        assertThat(Failures.decode(answer.body())).isInstanceOf(ReplicaException.Invalid.class);
      }
    }
  }

  @Test
  void versionsThatDoNotMeetAreRefusedWithTheReason() throws Exception {
    try (SocketChannel channel = connect()) {
      send(channel, hello(2, 9));
      Frame answer = new FrameReader(channel).next();
      assertThat(answer.verb()).isEqualTo(Verb.FAILED);
      assertThat(Failures.decode(answer.body())).hasMessageContaining("2 to 9");
      awaitEnd(channel);
    }
    try (SocketChannel channel = connect()) {
      send(channel, hello(0, 9));
      Frame answer = new FrameReader(channel).next();
      assertThat(Hello.Agreed.decode(answer.body()).version()).isEqualTo(1);
    }
  }

  @Test
  void silentClientIsClosedWhileOneThatIsMerelyIdleStays() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (SocketChannel channel = connect()) {
        send(channel, hello(1, 1));
        awaitEnd(channel); // after an idle timeout, which the good client outlives by its pings
      }
    }
    goodClientGoesOn();
  }

  @Test
  void closingTheServiceEndsItsConnections() throws Exception {
    try (SocketChannel channel = connect()) {
      send(channel, hello(1, 1));
      new FrameReader(channel).next();
      server.close();
      awaitEnd(channel);
    }
    server.close();
  }
}
