package io.drover.storage.meta;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;

/** The live storage nodes as they registered themselves in ZooKeeper. */
public final class ZooKeeperStorageNodes implements StorageNodes {
  private final ZooKeeperClient client;

  public ZooKeeperStorageNodes(CuratorFramework curator, Duration syncTimeout) {
    this.client = new ZooKeeperClient(curator, syncTimeout);
  }

  @Override
  public List<StorageNode> live() throws MetadataException {
    List<StorageNode> nodes = new ArrayList<>();
    for (String nodeId : client.children(Paths.NODES)) {
      find(nodeId).ifPresent(nodes::add);
    }
    return List.copyOf(nodes);
  }

  @Override
  public Optional<StorageNode> find(String nodeId) throws MetadataException {
    try {
      return Optional.of(client.read(Paths.node(nodeId), StorageNode.class).value());
    } catch (MetadataException.Missing e) {
      return Optional.empty();
    }
  }
}
