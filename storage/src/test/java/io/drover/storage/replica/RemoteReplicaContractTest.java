package io.drover.storage.replica;

import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract holds through a connection as well. */
class RemoteReplicaContractTest extends ReplicaContract {
  private final InMemoryReplica behind = new InMemoryReplica("node-1");
  private ReplicaServer server;
  private RemoteReplica client;

  @BeforeEach
  void start() throws IOException {
    ReplicaMetrics metrics = new ReplicaMetrics(new CollectorRegistry());
    server =
        ReplicaServer.open(
            "node-1",
            behind,
            TestSettings.patient(),
            metrics,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client =
        new RemoteReplica(
            "node-1", node -> Optional.of(server.address()), TestSettings.patient(), metrics);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Override
  protected ReplicaService replica() {
    return client;
  }

  @Override
  protected void corrupt(ContainerId id, int block) {
    behind.corrupt(id, block);
  }
}
