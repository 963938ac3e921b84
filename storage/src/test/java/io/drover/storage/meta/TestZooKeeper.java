package io.drover.storage.meta;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.curator.test.TestingServer;

/** A ZooKeeper in this process, with a namespace for each client that shall not see others'. */
public final class TestZooKeeper implements AutoCloseable {
  private final TestingServer server;
  private final AtomicInteger namespaces = new AtomicInteger();

  public TestZooKeeper() throws Exception {
    server = new TestingServer(true);
  }

  /** A client with an empty tree of its own. */
  public CuratorFramework freshTree() {
    return client("t" + namespaces.incrementAndGet());
  }

  /** A client, connected, of a tree that others may use too. */
  public CuratorFramework client(String namespace) {
    return client(connectString(), namespace);
  }

  public String connectString() {
    return server.getConnectString();
  }

  /** For another process. */
  public static CuratorFramework client(String connectString, String namespace) {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(connectString)
            .namespace(namespace)
            .sessionTimeoutMs(20_000)
            .retryPolicy(new ExponentialBackoffRetry(50, 5))
            .build();
    client.start();
    return client;
  }

  /** Registers storage nodes as if they ran. */
  public static void registerNodes(CuratorFramework client, List<String> nodeIds) throws Exception {
    for (String nodeId : nodeIds) {
      client
          .create()
          .creatingParentsIfNeeded()
          .forPath(Paths.node(nodeId), Json.write(new StorageNode(nodeId, "127.0.0.1", 1, "boot")));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
