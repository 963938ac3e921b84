package io.drover.storage.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.storage.disk.DiskId;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does when its node is slow, gone, back, or another one. */
@Timeout(300)
class RemoteReplicaTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);
  private static final int BLOCK = 4096;

  private final InMemoryReplica behind = new InMemoryReplica("node-1");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private int lookups;
  private @Nullable InetSocketAddress address;
  private boolean lookupFails;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private ReplicaServer serve(String nodeId, ReplicaSettings settings) throws IOException {
    ReplicaServer server =
        ReplicaServer.open(
            nodeId,
            behind,
            settings,
            new ReplicaMetrics(new CollectorRegistry()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    opened.add(server);
    address = server.address();
    return server;
  }

  private RemoteReplica client(ReplicaSettings settings) {
    RemoteReplica client =
        new RemoteReplica(
            "node-1", this::find, settings, new ReplicaMetrics(new CollectorRegistry()));
    opened.add(client);
    return client;
  }

  private Optional<InetSocketAddress> find(String nodeId) throws IOException {
    assertThat(nodeId).isEqualTo("node-1");
    lookups++;
    if (lookupFails) {
      throw new IOException("nobody to ask");
    }
    return Optional.ofNullable(address);
  }

  private static LogRecord record(long sequence) {
    ByteBuffer data = ByteBuffer.allocate(BLOCK).putLong(0, sequence);
    return LogRecord.data(1, sequence, (int) sequence, 1, 0, data);
  }

  private static CompletableFuture<Void> append(ReplicaService replica, long sequence) {
    return replica.append(new AppendRequest(ID, 1, 0, record(sequence)));
  }

  private static ReadReply read(ReplicaService replica, long epoch, long sealed)
      throws ReplicaException {
    return replica.read(new ReadRequest(ID, epoch, 1, 1, BLOCK, new int[] {0}, sealed));
  }

  private static void unreachable(CompletableFuture<Void> future) {
    assertThatThrownBy(() -> future.get(2, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ReplicaException.Unreachable.class);
  }

  @Test
  void nodeThatDoesNotAnswerInTimeFailsEverythingUnderWay() throws Exception {
    serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.withRequestTimeout(Duration.ofMillis(300)));
    client.fence(ID, 1, true);
    append(client, 1).get();
    behind.hold();
    CompletableFuture<Void> second = append(client, 2);
    CompletableFuture<Void> third = append(client, 3);
    unreachable(second);
    unreachable(third);
    unreachable(append(client, 4));
    behind.release();
    unreachable(append(client, 4));
    assertThat(client.fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 3));
    append(client, 4).get();
  }

  @Test
  void callersOfBlockingCallsAreNotKeptEither() throws Exception {
    serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.withRequestTimeout(Duration.ofMillis(300)));
    client.fence(ID, 1, true);
    append(client, 1).get();
    behind.hold();
    assertThatThrownBy(() -> client.flush(ID, 1, 1))
        .isInstanceOf(ReplicaException.Unreachable.class)
        .hasMessageContaining("flush unanswered");
    behind.release();
  }

  @Test
  void containerMustBeFencedAnewAfterTheNodeWasGone() throws Exception {
    ReplicaServer first = serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.patient());
    ContainerId other = new ContainerId(new DiskId("disk-2"), 0);
    client.fence(ID, 1, true);
    client.fence(other, 1, true);
    append(client, 1).get();
    first.close();
    serve("node-1", TestSettings.patient());

    assertThat(fenceWhenBack(client, other).last()).isEqualTo(LogPosition.EMPTY);
    Class<ReplicaException.Unreachable> unreachable = ReplicaException.Unreachable.class;
    unreachable(append(client, 2));
    assertThatThrownBy(() -> client.flush(ID, 1, 1)).isInstanceOf(unreachable);
    assertThatThrownBy(() -> read(client, 1, 0)).isInstanceOf(unreachable);
    assertThatThrownBy(() -> client.fetch(ID, 1, LogPosition.EMPTY, 100)).isInstanceOf(unreachable);
    assertThatThrownBy(() -> client.truncate(ID, 1, LogPosition.EMPTY)).isInstanceOf(unreachable);
    assertThat(read(client, 1, 1).present().get(0)).as("a sealed read checks itself").isTrue();
    assertThat(behind.log(ID)).hasSize(1);

    client.fence(ID, 1, false);
    append(client, 2).get();
    assertThat(read(client, 1, 0).present().get(0)).isTrue();
  }

  /** The first call may be the one that finds the old connection gone. */
  private static ContainerState fenceWhenBack(RemoteReplica client, ContainerId id)
      throws ReplicaException {
    while (true) {
      try {
        return client.fence(id, 1, false);
      } catch (ReplicaException.Unreachable e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void observerReadsWithoutFencing() throws Exception {
    serve("node-1", TestSettings.patient());
    behind.fence(ID, 1, true);
    append(behind, 1).get();
    assertThat(read(client(TestSettings.patient()), 1, 0).present().get(0)).isTrue();
  }

  @Test
  void anotherNodeAtTheAddressIsNotTakenForTheRightOne() throws Exception {
    serve("node-2", TestSettings.patient());
    RemoteReplica client = client(TestSettings.patient());
    assertThatThrownBy(() -> client.fence(ID, 1, true))
        .isInstanceOf(ReplicaException.Unreachable.class)
        .hasMessageContaining("this is node node-2");
    assertThat(behind.fence(ID, 1, false).presence()).isEqualTo(ContainerState.Presence.ABSENT);
  }

  @Test
  void afterAFailedAttemptCallsFailAtOnceForAWhile() throws Exception {
    RemoteReplica client =
        client(
            TestSettings.of(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1), 1));
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> client.fence(ID, 1, true))
          .isInstanceOf(ReplicaException.Unreachable.class);
    }
    assertThat(lookups).isEqualTo(1);
  }

  @Test
  void lastAddressServesWhileNobodyKnowsBetter() throws Exception {
    serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.withRequestTimeout(Duration.ofMillis(200)));
    client.fence(ID, 1, true);
    behind.hold();
    unreachable(append(client, 1));
    behind.release();
    lookupFails = true;
    assertThat(client.fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 1));
    assertThat(lookups).isEqualTo(2);
  }

  @Test
  void clientsBeyondTheLimitAreTurnedAway() throws Exception {
    ReplicaSettings one =
        TestSettings.of(Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofHours(1), 1);
    serve("node-1", one);
    RemoteReplica first = client(TestSettings.patient());
    first.fence(ID, 1, true);
    RemoteReplica second = client(TestSettings.patient());
    assertThatThrownBy(() -> second.fence(ID, 1, true))
        .isInstanceOf(ReplicaException.Unreachable.class);
    append(first, 1).get();
  }

  @Test
  void moreThanMayBeInFlightIsOnlySlower() throws Exception {
    serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.patient());
    client.fence(ID, 1, true);
    int blocks = LogRecord.MAX_DATA_BYTES / BLOCK;
    List<CompletableFuture<Void>> appends = new ArrayList<>();
    ByteBuffer data = ByteBuffer.allocate(LogRecord.MAX_DATA_BYTES);
    for (int i = 1; i <= 30; i++) {
      LogRecord record = LogRecord.data(1, i, i, blocks, 0, data);
      appends.add(client.append(new AppendRequest(ID, 1, 0, record)));
    }
    for (CompletableFuture<Void> append : appends) {
      append.get(2, TimeUnit.MINUTES);
    }
    assertThat(client.fetch(ID, 1, LogPosition.EMPTY, Integer.MAX_VALUE).records())
        .hasSize(1); // an answer is bounded too
  }

  @Test
  void closedClientAnswersNothing() throws Exception {
    serve("node-1", TestSettings.patient());
    RemoteReplica client = client(TestSettings.patient());
    client.fence(ID, 1, true);
    client.close();
    unreachable(append(client, 1));
    assertThatThrownBy(() -> client.fence(ID, 1, true))
        .isInstanceOf(ReplicaException.Unreachable.class);
  }
}
