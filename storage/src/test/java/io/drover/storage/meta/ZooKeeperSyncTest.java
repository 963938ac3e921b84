package io.drover.storage.meta;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;

class ZooKeeperSyncTest {
  @Test
  void returnsAfterAnAnswerAndSaysSoWhenThereIsNone() throws Exception {
    try (TestingServer server = new TestingServer(true);
        CuratorFramework client =
            CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .retryPolicy(new RetryOneTime(10))
                .connectionTimeoutMs(500)
                .build()) {
      client.start();
      client.blockUntilConnected();
      assertThatCode(() -> ZooKeeperSync.await(client)).doesNotThrowAnyException();
      assertThatCode(() -> ZooKeeperSync.await(client, "/not/there", Duration.ofSeconds(20)))
          .doesNotThrowAnyException();

      server.stop();
      assertThatThrownBy(() -> ZooKeeperSync.await(client))
          .isInstanceOfAny(TimeoutException.class, KeeperException.class);
    }
  }
}
