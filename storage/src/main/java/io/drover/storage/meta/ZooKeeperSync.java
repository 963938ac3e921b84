package io.drover.storage.meta;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/**
 * The {@code sync} of ZooKeeper, waited for. Curator's {@code sync().forPath} alone only hands the
 * request over: when the connection breaks before its answer, the read that follows is repeated on
 * another server, which may be behind, and nobody is told.
 */
public final class ZooKeeperSync {
  private ZooKeeperSync() {}

  /** As below, for all paths, with the time the client gives a connection as the limit. */
  public static void await(CuratorFramework client) throws Exception {
    int limitMillis = client.getZookeeperClient().getConnectionTimeoutMs();
    await(client, "/", Duration.ofMillis(limitMillis));
  }

  /**
   * Returns when the client's server has caught up with the leader.
   *
   * @param limit after which no answer is a failure
   * @throws TimeoutException when no answer came in time
   * @throws KeeperException when ZooKeeper answered with a failure
   */
  public static void await(CuratorFramework client, String path, Duration limit) throws Exception {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    client.sync().inBackground((c, event) -> answer.complete(event.getResultCode())).forPath(path);
    int code;
    try {
      code = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      TimeoutException told =
          new TimeoutException(
              "ZooKeeper did not answer to a sync within " + limit.toMillis() + " ms");
      told.initCause(late);
      throw told;
    }
    if (code != KeeperException.Code.OK.intValue()) {
      throw KeeperException.create(KeeperException.Code.get(code), path);
    }
  }
}
