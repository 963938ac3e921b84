package io.drover.storage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigReader;
import io.drover.storage.disk.DiskId;
import io.drover.storage.meta.MetadataException;
import io.drover.storage.meta.StorageNode;
import io.drover.storage.meta.StorageNodes;
import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.LogRecord;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import io.drover.storage.replica.ReplicaSettings;
import io.drover.storage.replica.TestSettings;
import io.drover.storage.store.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that find each other, and one that comes back elsewhere. */
@Timeout(300)
class StorageNodeServiceTest {
  private static final ContainerId ID = new ContainerId(new DiskId("disk-1"), 0);

  @TempDir private Path directory;
  private final RegisteredNodes nodes = new RegisteredNodes();

  private static final class RegisteredNodes implements StorageNodes {
    final Map<String, StorageNode> live = new ConcurrentHashMap<>();

    @Override
    public List<StorageNode> live() {
      return List.copyOf(live.values());
    }

    @Override
    public Optional<StorageNode> find(String nodeId) throws MetadataException {
      return Optional.ofNullable(live.get(nodeId));
    }
  }

  private StorageNodeService start(String nodeId) throws IOException {
    StorageNodeService service =
        StorageNodeService.start(
            nodeId,
            new StoreSettings(1 << 20, 0),
            TestSettings.patient(),
            directory.resolve(nodeId),
            InetAddress.getLoopbackAddress());
    nodes.live.put(nodeId, service.registration());
    return service;
  }

  private static void append(ReplicaService replica, long sequence) throws Exception {
    ByteBuffer data = ByteBuffer.allocate(4096).putLong(0, sequence);
    LogRecord record = LogRecord.data(1, sequence, 0, 1, 0, data);
    replica.append(new AppendRequest(ID, 1, 0, record)).get();
  }

  @Test
  void ownPoolIsReachedDirectlyAndOthersByTheirRegistration() throws Exception {
    try (StorageNodeService one = start("node-1");
        StorageNodeService two = start("node-2");
        ClusterReplicas replicas =
            new ClusterReplicas(nodes, TestSettings.patient(), Map.of("node-1", one.local()))) {
      assertThat(replicas.connect("node-1")).isSameAs(one.local());
      ReplicaService remote = replicas.connect("node-2");
      assertThat(replicas.connect("node-2")).isSameAs(remote);
      ContainerState state = remote.fence(ID, 1, true);
      assertThat(state.bootId()).isEqualTo(two.registration().bootId());
      assertThat(state.bootId())
          .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
      append(remote, 1);
      assertThat(two.local().fence(ID, 1, false).last()).isEqualTo(new LogPosition(1, 1));
      assertThatThrownBy(() -> replicas.connect("node-3").fence(ID, 1, true))
          .isInstanceOf(ReplicaException.Unreachable.class)
          .hasMessageContaining("not registered");
    }
  }

  @Test
  void nodeIsFoundAgainWhereItIsAfterARestart() throws Exception {
    try (ClusterReplicas replicas = new ClusterReplicas(nodes, TestSettings.patient(), Map.of())) {
      ReplicaService remote = replicas.connect("node-1");
      int port;
      try (StorageNodeService first = start("node-1")) {
        port = first.registration().port();
        remote.fence(ID, 1, true);
        append(remote, 1);
      }
      try (StorageNodeService second = start("node-1")) {
        assertThat(second.registration().port()).isNotEqualTo(port);
        ContainerState state = fenceWhenBack(remote);
        assertThat(state.last()).isEqualTo(new LogPosition(1, 1));
        assertThat(state.durableSequence()).as("a clean stop flushes").isEqualTo(1);
        append(remote, 2);
      }
    }
  }

  private static ContainerState fenceWhenBack(ReplicaService remote) throws ReplicaException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      try {
        return remote.fence(ID, 1, false);
      } catch (ReplicaException.Unreachable e) {
        if (deadline - System.nanoTime() < 0) {
          throw e;
        }
      }
    }
  }

  @Test
  void portThatIsTakenEndsTheStartAndFreesThePool() throws Exception {
    try (StorageNodeService one = start("node-1")) {
      ReplicaSettings free = TestSettings.patient();
      ReplicaSettings taken =
          new ReplicaSettings(
              one.registration().port(),
              free.connectTimeout(),
              free.requestTimeout(),
              free.reconnectPause(),
              free.idleTimeout(),
              free.maxConnections(),
              free.maxInFlightBytes());
      StoreSettings store = new StoreSettings(1 << 20, 0);
      InetAddress address = InetAddress.getLoopbackAddress();
      Path pool = directory.resolve("node-2");
      assertThatThrownBy(() -> StorageNodeService.start("node-2", store, taken, pool, address))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen");
      StorageNodeService.start("node-2", store, free, pool, address).close();
    }
  }

  @Test
  void defaultsOfTheSettingsAreAccepted() throws Exception {
    Duration timeout =
        ConfigReader.read(
            ConfigFactory.load(),
            root -> {
              ConfigReader storage = root.section("drover").section("storage");
              StoreSettings.read(storage.section("store"));
              return ReplicaSettings.read(storage.section("replica")).requestTimeout();
            });
    assertThat(timeout).isEqualTo(Duration.ofSeconds(10));
  }
}
