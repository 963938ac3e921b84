package io.drover.daemon.node;

import io.drover.daemon.api.ApiJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/**
 * The running nodes by id, with where each answers HTTP: {@code nodes/<id>} in ZooKeeper,
 * ephemeral.
 */
public final class NodeRegistry {
  private static final String NODES = "/nodes";

  private final CuratorFramework client;

  NodeRegistry(CuratorFramework client) {
    this.client = client;
  }

  /**
   * One running node.
   *
   * @param api base URL of its HTTP interface
   * @param cluster address of its actor system
   * @param roles in lower case
   * @param pid of its process
   */
  public record Entry(String id, String api, String cluster, List<String> roles, long pid) {
    /** Copies the roles. */
    public Entry {
      roles = List.copyOf(roles);
    }
  }

  EphemeralRecord register(Entry own, ExecutorService executor) throws Exception {
    return EphemeralRecord.publish(
        client,
        NODES + "/" + own.id(),
        ApiJson.compact(own).getBytes(StandardCharsets.UTF_8),
        executor);
  }

  /** All running nodes, by id. */
  public List<Entry> all() throws Exception {
    List<Entry> found = new ArrayList<>();
    for (String id : children()) {
      find(id).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(Entry::id));
    return List.copyOf(found);
  }

  /** One node, if it runs. */
  public Optional<Entry> find(String id) throws Exception {
    try {
      String text = new String(client.getData().forPath(NODES + "/" + id), StandardCharsets.UTF_8);
      return Optional.of(ApiJson.read(text, Entry.class));
    } catch (KeeperException.NoNodeException gone) {
      return Optional.empty();
    }
  }

  private List<String> children() throws Exception {
    try {
      return client.getChildren().forPath(NODES);
    } catch (KeeperException.NoNodeException nobody) {
      return List.of();
    }
  }
}
