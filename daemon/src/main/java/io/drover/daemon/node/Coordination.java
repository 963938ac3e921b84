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

  private Coordination() {}

  /** Starts a client and waits until it has a session, as often as {@code patience} allows. */
  static CuratorFramework connect(CoordinationSettings settings, Duration patience)
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
    if (!client.blockUntilConnected(Math.toIntExact(patience.toSeconds()), TimeUnit.SECONDS)) {
      client.close();
      throw new IOException(
          "no answer from ZooKeeper at "
              + settings.connectString()
              + " within "
              + patience.toSeconds()
              + " s; are more than half of its peers running?");
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
