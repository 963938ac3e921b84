package io.drover.daemon.node;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's one connection to ZooKeeper, below the installation's part of the tree. */
final class Coordination {
  private static final Logger log = LoggerFactory.getLogger(Coordination.class);
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(15);

  private Coordination() {}

  /** Something that has to hold for the wait to make sense; throws when it does not. */
  interface Check {
    void run() throws IOException;
  }

  /**
   * Starts a client and waits until it has a session, however long that takes: a cluster that is
   * started needs more than half of its peers, and nobody knows when the others come.
   *
   * @param stillPossible looked at while waiting
   */
  static CuratorFramework connect(CoordinationSettings settings, Check stillPossible)
      throws IOException, InterruptedException {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(settings.connectString())
            .namespace(settings.chroot().substring(1))
            .sessionTimeoutMs(Math.toIntExact(settings.sessionTimeout().toMillis()))
            .connectionTimeoutMs(Math.toIntExact(settings.connectTimeout().toMillis()))
            .retryPolicy(new BoundedExponentialBackoffRetry(50, 1_000, 10))
            .build();
    client.getConnectionStateListenable().addListener((c, state) -> report(state));
    client.start();
    try {
      long began = System.nanoTime();
      long told = began;
      while (!client.blockUntilConnected(1, TimeUnit.SECONDS)) {
        stillPossible.run();
        if (System.nanoTime() - told > BETWEEN_WORDS.toNanos()) {
          told = System.nanoTime();
          log.atWarn()
              .addKeyValue("connect", settings.connectString())
              .addKeyValue("seconds", Duration.ofNanos(told - began).toSeconds())
              .log("waiting for ZooKeeper: more than half of its peers have to run");
        }
      }
    } catch (IOException | InterruptedException ended) {
      client.close();
      throw ended;
    }
    return client;
  }

  private static void report(ConnectionState state) {
    switch (state) {
      case CONNECTED, RECONNECTED ->
          log.atInfo().addKeyValue("state", state).log("coordination reached");
      case SUSPENDED, LOST, READ_ONLY ->
          log.atWarn()
              .addKeyValue("state", state)
              .log("coordination out of reach; changes wait until it is back");
    }
  }
}
