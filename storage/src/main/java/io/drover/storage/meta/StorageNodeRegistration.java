package io.drover.storage.meta;

import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process's storage node listed as alive.
 *
 * <p>A look every interval repairs whatever happened to the ephemeral znode: an expired session, or
 * one left by this node's earlier process that would vanish later. A failed look is only logged;
 * the next one tries again.
 */
public final class StorageNodeRegistration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StorageNodeRegistration.class);

  private final ZooKeeperClient client;
  private final StorageNode node;
  private final Duration interval;
  private final Thread keeper;

  private StorageNodeRegistration(CuratorFramework curator, StorageNode node, Duration interval) {
    this.client = new ZooKeeperClient(curator, interval);
    this.node = node;
    this.interval = interval;
    this.keeper = Thread.ofVirtual().name("storage-node-registration").unstarted(this::keep);
  }

  /** Starts to keep the node registered; returns before the first attempt has succeeded. */
  public static StorageNodeRegistration start(
      CuratorFramework curator, StorageNode node, Duration interval) {
    StorageNodeRegistration registration = new StorageNodeRegistration(curator, node, interval);
    registration.keeper.start();
    return registration;
  }

  private void keep() {
    boolean registered = false;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (look()) {
          log.atInfo()
              .addKeyValue("node", node.nodeId())
              .addKeyValue("address", node.address() + ":" + node.port())
              .log("storage node registered");
        }
        registered = true;
      } catch (MetadataException e) {
        if (registered) {
          log.atWarn()
              .addKeyValue("node", node.nodeId())
              .addKeyValue("cause", e.toString())
              .log("storage node registration lost");
        }
        registered = false;
      }
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  /** Whether the znode had to be made. */
  private boolean look() throws MetadataException {
    String path = Paths.node(node.nodeId());
    byte[] json = Json.write(node);
    CuratorFramework curator = client.curator();
    try {
      client.ensure(Paths.NODES);
      long session = curator.getZookeeperClient().getZooKeeper().getSessionId();
      Stat stat = curator.checkExists().forPath(path);
      if (stat != null && stat.getEphemeralOwner() == session) {
        return false;
      }
      if (stat != null) {
        curator.delete().withVersion(stat.getVersion()).forPath(path);
      }
      curator.create().withMode(CreateMode.EPHEMERAL).forPath(path, json);
      return true;
    } catch (KeeperException.NoNodeException | KeeperException.NodeExistsException e) {
      return false; // the old session's node went or came just now; the next look settles it
    } catch (Exception e) {
      throw ZooKeeperClient.failure("registering", path, e);
    }
  }

  /** Takes the node off the list. */
  @Override
  public void close() {
    keeper.interrupt();
    try {
      keeper.join();
      client.curator().delete().quietly().forPath(Paths.node(node.nodeId()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.atWarn()
          .addKeyValue("node", node.nodeId())
          .addKeyValue("cause", e.toString())
          .log("storage node stays listed until its session ends");
    }
  }
}
