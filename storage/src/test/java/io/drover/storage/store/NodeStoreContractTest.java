package io.drover.storage.store;

import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReplicaContract;
import io.drover.storage.replica.ReplicaService;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The store on disk keeps the contract, with segments so small that they change often. */
class NodeStoreContractTest extends ReplicaContract {
  @TempDir private Path directory;
  private NodeStore store;

  @BeforeEach
  void open() throws IOException {
    store =
        NodeStore.open(
            "node-1",
            new StoreSettings(64 * 1024, 0),
            directory,
            "boot-1",
            new Medium(),
            new StoreMetrics(new CollectorRegistry()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ReplicaService replica() {
    return store;
  }

  @Override
  protected void corrupt(ContainerId id, int block) throws IOException {
    StoreFiles.corruptBlock(directory, id, block);
  }
}
