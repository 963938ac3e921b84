package io.drover.daemon.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A znode that says "this process is here": it exists as long as the session does, is made again
 * after a lost session, tried until it stands, and replaces what a former process of the same node
 * left behind.
 */
final class EphemeralRecord implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EphemeralRecord.class);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final CuratorFramework client;
  private final String path;
  private final byte[] data;
  private final ExecutorService executor;
  private final ConnectionStateListener onReconnect = this::stateChanged;
  private final AtomicBoolean retrying = new AtomicBoolean();
  private volatile boolean closed;

  private EphemeralRecord(
      CuratorFramework client, String path, byte[] data, ExecutorService executor) {
    this.client = client;
    this.path = path;
    this.data = data.clone();
    this.executor = executor;
  }

  /** Makes the znode; the executor makes it again when it has to be. */
  static EphemeralRecord publish(
      CuratorFramework client, String path, byte[] data, ExecutorService executor)
      throws Exception {
    EphemeralRecord record = new EphemeralRecord(client, path, data, executor);
    record.ensure();
    client.getConnectionStateListenable().addListener(record.onReconnect);
    return record;
  }

  private void stateChanged(CuratorFramework source, ConnectionState state) {
    if (state.isConnected() && !closed) {
      executor.execute(this::ensureOrReport);
    }
  }

  private void ensureOrReport() {
    try {
      ensure();
    } catch (Exception failed) {
      log.atWarn()
          .addKeyValue("path", path)
          .setCause(failed)
          .log("registration failed; it is tried again");
      if (retrying.compareAndSet(false, true)) {
        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS, executor)
            .execute(() -> {
              retrying.set(false);
              ensureOrReport();
            });
      }
    }
  }

  private synchronized void ensure() throws Exception {
    if (closed) {
      return;
    }
    long session = client.getZookeeperClient().getZooKeeper().getSessionId();
    Stat existing = client.checkExists().forPath(path);
    if (existing != null && existing.getEphemeralOwner() == session) {
      return;
    }
    deleteQuietly();
    client.create().creatingParentsIfNeeded().withMode(CreateMode.EPHEMERAL).forPath(path, data);
  }

  private void deleteQuietly() throws Exception {
    try {
      client.delete().forPath(path);
    } catch (KeeperException.NoNodeException alreadyGone) {
      log.trace("nothing to remove at {}", path);
    }
  }

  /** Removes the znode; without a connection it goes with the session. */
  @Override
  public synchronized void close() {
    closed = true;
    client.getConnectionStateListenable().removeListener(onReconnect);
    if (!client.getZookeeperClient().isConnected()) {
      return;
    }
    try {
      deleteQuietly();
    } catch (Exception failed) {
      log.atDebug()
          .addKeyValue("path", path)
          .setCause(failed)
          .log("registration ends with the session instead");
    }
  }
}
