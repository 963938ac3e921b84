package io.drover.storage.cluster;

import io.drover.storage.meta.StorageNodeRegistration;
import io.drover.storage.meta.TestZooKeeper;
import io.drover.storage.node.StorageNodeService;
import io.drover.storage.replica.ReplicaSettings;
import io.drover.storage.store.StoreSettings;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;

/** The main class of a storage node that tests may kill without warning. */
public final class StorageNodeProcess {
  private StorageNodeProcess() {}

  /** Arguments: node id, ZooKeeper's connect string, namespace, directory of the pool. */
  public static void main(String[] arguments) throws Exception {
    CuratorFramework curator = TestZooKeeper.client(arguments[1], arguments[2]);
    StorageNodeService service =
        StorageNodeService.start(
            arguments[0],
            storeSettings(),
            replicaSettings(),
            Path.of(arguments[3]),
            InetAddress.getLoopbackAddress());
    StorageNodeRegistration registration =
        StorageNodeRegistration.start(curator, service.registration(), Duration.ofMillis(200));
    // The test holds the other end; when the test is gone, so is this.
    System.in.transferTo(OutputStream.nullOutputStream());
    registration.close();
    service.close();
    curator.close();
  }

  static StoreSettings storeSettings() {
    return new StoreSettings(8 << 20, 64 << 20);
  }

  static ReplicaSettings replicaSettings() {
    return new ReplicaSettings(
        0,
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(60),
        64,
        8 << 20);
  }
}
