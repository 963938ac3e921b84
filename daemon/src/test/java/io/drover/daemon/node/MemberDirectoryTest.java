package io.drover.daemon.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Founding and registration when ZooKeeper answers late, twice or not at all. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MemberDirectoryTest {
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private TestingServer server;
  private CuratorFramework one;
  private CuratorFramework two;

  @BeforeEach
  void open() throws Exception {
    server = new TestingServer(true);
    one = client();
    two = client();
  }

  private CuratorFramework client() throws Exception {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
    client.start();
    client.blockUntilConnected();
    return client;
  }

  @AfterEach
  void close() throws Exception {
    one.close();
    two.close();
    server.close();
    executor.close();
  }

  @Test
  void founderThatMeetsItsOwnRecordIsTheFounder() throws Exception {
    MemberDirectory first = new MemberDirectory(one, executor);
    MemberDirectory second = new MemberDirectory(two, executor);
    assertThat(first.tryFounding("n1")).isTrue();
    // As when the answer to the creation is lost and the client creates once more.
    assertThat(first.tryFounding("n1")).isTrue();
    assertThat(second.tryFounding("n2")).isFalse();

    second.releaseFounding();
    assertThat(second.tryFounding("n2")).isFalse();
    first.releaseFounding();
    assertThat(second.tryFounding("n2")).isTrue();
  }

  @Test
  void registrationThatFailsIsTriedUntilItStands() throws Exception {
    String path = "/cluster/members/n1";
    try (EphemeralRecord record =
        EphemeralRecord.publish(one, path, "here".getBytes(UTF_8), executor)) {
      // Something that cannot be replaced now, because it has something below it.
      two.delete().forPath(path);
      two.create().forPath(path);
      two.create().forPath(path + "/in-the-way");
      CountDownLatch reconnected = new CountDownLatch(1);
      one.getConnectionStateListenable()
          .addListener((client, state) -> {
            if (state.isConnected()) {
              reconnected.countDown();
            }
          });
      server.restart();
      reconnected.await();
      CountDownLatch replaced = new CountDownLatch(1);
      two.blockUntilConnected();
      two.getData()
          .usingWatcher(
              (org.apache.curator.framework.api.CuratorWatcher)
                  event -> {
                    if (event.getType() == EventType.NodeDeleted) {
                      replaced.countDown();
                    }
                  })
          .forPath(path);
      two.delete().forPath(path + "/in-the-way");
      replaced.await();
      byte[] seen = new byte[0];
      while (seen.length == 0) {
        if (two.checkExists().forPath(path) != null) {
          seen = two.getData().forPath(path);
        }
      }
      assertThat(seen).asString(UTF_8).isEqualTo("here");
      assertThat(record).isNotNull();
    }
  }
}
