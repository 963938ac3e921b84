package io.drover.storage.meta;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.ContainerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * The metadata in ZooKeeper.
 *
 * <p>Curator repeats a request whose connection was lost, so a change may meet its own first
 * attempt as a version conflict; every change therefore reads back and recognises its own value at
 * the version that it would have made.
 */
public final class ZooKeeperDiskMetadata implements DiskMetadata {
  private final ZooKeeperClient client;

  /**
   * @param curator started, and rooted at the project's chroot by connect string or namespace
   * @param syncTimeout after which a read counts as unavailable
   */
  public ZooKeeperDiskMetadata(CuratorFramework curator, Duration syncTimeout) {
    this.client = new ZooKeeperClient(curator, syncTimeout);
  }

  @Override
  public Versioned<Disk> disk(DiskId disk) throws MetadataException {
    client.sync(Paths.DISKS);
    return client.read(Paths.disk(disk), Disk.class);
  }

  @Override
  public Versioned<Lease> lease(DiskId disk) throws MetadataException {
    client.sync(Paths.DISKS);
    return client.read(Paths.lease(disk), Lease.class);
  }

  @Override
  public List<Versioned<ContainerMembers>> containers(DiskId disk) throws MetadataException {
    client.sync(Paths.DISKS);
    int count = client.read(Paths.disk(disk), Disk.class).value().containers();
    List<Versioned<ContainerMembers>> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(client.read(Paths.container(disk, i), ContainerMembers.class));
    }
    return all;
  }

  @Override
  public Versioned<ContainerMembers> container(ContainerId container) throws MetadataException {
    client.sync(Paths.DISKS);
    return client.read(Paths.container(container), ContainerMembers.class);
  }

  @Override
  public Versioned<Lease> replaceLease(DiskId disk, int expectedVersion, Lease next)
      throws MetadataException {
    String path = Paths.lease(disk);
    try {
      Stat stat =
          client.curator().setData().withVersion(expectedVersion).forPath(path, Json.write(next));
      return new Versioned<>(next, stat.getVersion());
    } catch (KeeperException.BadVersionException e) {
      return ownChange(
          path, Lease.class, expectedVersion, next, ZooKeeperClient.failure("replacing", path, e));
    } catch (Exception e) {
      throw ZooKeeperClient.failure("replacing", path, e);
    }
  }

  @Override
  public Versioned<ContainerMembers> replaceContainer(
      ContainerId container, int leaseVersion, int expectedVersion, ContainerMembers next)
      throws MetadataException {
    String path = Paths.container(container);
    try {
      client
          .transaction()
          .checkLease(Paths.lease(container.disk()), leaseVersion)
          .set(path, expectedVersion, Json.write(next))
          .commit("replacing members of container " + container);
      return new Versioned<>(next, expectedVersion + 1);
    } catch (MetadataException.Conflict e) {
      return ownChange(path, ContainerMembers.class, expectedVersion, next, e);
    }
  }

  @Override
  public Versioned<Disk> replaceDisk(
      int leaseVersion, int expectedVersion, Disk next, List<ContainerMembers> addedContainers)
      throws MetadataException {
    String path = Paths.disk(next.id());
    ZooKeeperClient.Transaction change =
        client
            .transaction()
            .checkLease(Paths.lease(next.id()), leaseVersion)
            .set(path, expectedVersion, Json.write(next));
    int first = next.containers() - addedContainers.size();
    for (int i = 0; i < addedContainers.size(); i++) {
      change.create(Paths.container(next.id(), first + i), Json.write(addedContainers.get(i)));
    }
    try {
      change.commit("replacing disk " + next.id());
      return new Versioned<>(next, expectedVersion + 1);
    } catch (MetadataException.Conflict e) {
      return ownChange(path, Disk.class, expectedVersion, next, e);
    }
  }

  private <T> Versioned<T> ownChange(
      String path, Class<T> type, int expectedVersion, T next, MetadataException otherwise)
      throws MetadataException {
    client.sync(Paths.DISKS);
    Versioned<T> now = client.read(path, type);
    if (now.version() == expectedVersion + 1 && now.value().equals(next)) {
      return now;
    }
    throw otherwise;
  }
}
