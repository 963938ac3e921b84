package io.drover.storage.meta;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskStatus;
import io.drover.storage.disk.DiskStatus.ContainerStatus;
import io.drover.storage.disk.NewDisk;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ReplicaDirectory;
import io.drover.storage.version.CloneOrigin;
import io.drover.storage.version.Snapshot;
import io.drover.storage.version.VersionTree;
import io.drover.storage.version.VersionTreeException;
import io.drover.storage.version.VersionTreeException.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalogue in ZooKeeper. Changes of a disk check that its lease did not change meanwhile, so
 * none of them can slip under a holder that has just come.
 */
public final class ZooKeeperDiskCatalog implements DiskCatalog {
  private static final Logger log = LoggerFactory.getLogger(ZooKeeperDiskCatalog.class);

  private static final int ATTEMPTS = 16;

  private final ZooKeeperClient client;
  private final DiskMetadata metadata;
  private final StorageNodes nodes;
  private final ContainerCleanup cleanup;
  private final OfflineSnapshots offlineSnapshots;
  private final DiskRecords records;

  public ZooKeeperDiskCatalog(
      CuratorFramework curator,
      Duration syncTimeout,
      ReplicaDirectory replicas,
      OfflineSnapshots offlineSnapshots) {
    this.client = new ZooKeeperClient(curator, syncTimeout);
    this.metadata = new ZooKeeperDiskMetadata(curator, syncTimeout);
    this.nodes = new ZooKeeperStorageNodes(curator, syncTimeout);
    this.cleanup = new ContainerCleanup(replicas);
    this.offlineSnapshots = offlineSnapshots;
    this.records = new DiskRecords(client);
  }

  @Override
  public Disk create(NewDisk request) throws DiskException {
    Disk disk = Disk.created(DiskIds.fresh(), request);
    String doing = "creating disk '" + disk.name() + "'";
    try {
      records.prepare();
      records.insert(disk, place(disk, 0), Optional.empty());
    } catch (MetadataException.Conflict e) {
      throw nameTaken(disk.name());
    } catch (MetadataException e) {
      throw Failures.of(doing, e);
    }
    log.atInfo()
        .addKeyValue("disk", disk.id())
        .addKeyValue("name", disk.name())
        .addKeyValue("bytes", disk.sizeBytes())
        .addKeyValue("replicas", disk.policy().replicas())
        .log("disk created");
    return disk;
  }

  @Override
  public Disk get(String nameOrId) throws DiskException {
    return find(nameOrId).value();
  }

  @Override
  public List<DiskStatus> list() throws DiskException {
    List<DiskStatus> all = new ArrayList<>();
    try {
      client.sync(Paths.DISKS);
      for (String id : client.children(Paths.DISKS)) {
        records.status(new DiskId(id)).ifPresent(all::add);
      }
    } catch (MetadataException e) {
      throw Failures.of("listing disks", e);
    }
    all.sort(Comparator.comparing(s -> s.disk().name()));
    return List.copyOf(all);
  }

  @Override
  public DiskStatus status(String nameOrId) throws DiskException {
    DiskId id = get(nameOrId).id();
    try {
      return records.status(id).orElseThrow(() -> DiskException.NotFound.disk(nameOrId));
    } catch (MetadataException e) {
      throw Failures.of("reading disk '" + nameOrId + "'", e);
    }
  }

  @Override
  public Disk resize(String nameOrId, long sizeBytes) throws DiskException {
    return changed(
        nameOrId,
        "resize",
        (disk, lease) -> {
          requireUnheld(disk, lease, "resize");
          return disk.grownTo(sizeBytes);
        });
  }

  @Override
  public Disk snapshot(String nameOrId, String snapshotName) throws DiskException {
    Disk disk = get(nameOrId);
    try {
      requireUnheld(disk, metadata.lease(disk.id()).value(), "snapshot");
    } catch (MetadataException e) {
      throw Failures.of("snapshot of disk '" + nameOrId + "'", e);
    }
    return offlineSnapshots.snapshot(disk.id(), snapshotName);
  }

  @Override
  public Disk revert(String nameOrId, String snapshotName) throws DiskException {
    return changed(
        nameOrId,
        "revert",
        (disk, lease) -> {
          requireDetached(disk, lease, "reverted");
          return disk.withVersions(disk.versions().revert(snapshotName));
        });
  }

  @Override
  public Disk deleteSnapshot(String nameOrId, String snapshotName) throws DiskException {
    return changed(
        nameOrId,
        "snapshot delete",
        (disk, _) -> disk.withVersions(disk.versions().delete(snapshotName)));
  }

  @Override
  public Disk clone(String nameOrId, String snapshotName, String newName) throws DiskException {
    DiskId id = DiskIds.fresh();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Versioned<Disk> origin = find(nameOrId);
      try {
        Disk clone = cloneOf(origin.value(), snapshotName, id, newName);
        Disk linked =
            origin.value().withVersions(origin.value().versions().addClone(snapshotName, id));
        records.insert(
            clone, place(clone, 0), Optional.of(new Versioned<>(linked, origin.version())));
        log.atInfo()
            .addKeyValue("disk", id)
            .addKeyValue("name", newName)
            .addKeyValue("origin", origin.value().id())
            .addKeyValue("snapshot", snapshotName)
            .log("disk cloned");
        return clone;
      } catch (MetadataException.Conflict e) {
        if (records.nameExists(newName)) {
          throw nameTaken(newName);
        }
      } catch (MetadataException e) {
        throw Failures.of("cloning disk '" + nameOrId + "'", e);
      } catch (VersionTreeException e) {
        throw Failures.of(nameOrId, e);
      } catch (IllegalArgumentException e) {
        throw new DiskException.Invalid(String.valueOf(e.getMessage()));
      }
    }
    throw keepsChanging(nameOrId);
  }

  private static Disk cloneOf(Disk origin, String snapshotName, DiskId id, String newName)
      throws VersionTreeException {
    Snapshot snapshot =
        origin
            .versions()
            .find(snapshotName)
            .orElseThrow(() ->
                new VersionTreeException(
                    Problem.NO_SUCH_SNAPSHOT, "there is no snapshot named '" + snapshotName + "'"));
    return new Disk(
        id,
        newName,
        origin.sizeBytes(),
        origin.policy(),
        VersionTree.initial(),
        Optional.of(new CloneOrigin(origin.id(), snapshot.version(), snapshot.sealedSequences())));
  }

  @Override
  public void delete(String nameOrId) throws DiskException {
    Versioned<Disk> found = find(nameOrId);
    Disk disk = found.value();
    List<Snapshot> pinned =
        disk.versions().snapshots().stream().filter(s -> !s.clones().isEmpty()).toList();
    if (!pinned.isEmpty()) {
      throw new DiskException.InUse(
          "disk '"
              + disk.name()
              + "' has clones under snapshot '"
              + pinned.getFirst().name()
              + "': "
              + pinned.getFirst().clones()
              + "; delete them first");
    }
    try {
      Versioned<Lease> lease = metadata.lease(disk.id());
      if (!lease.value().holder().equals(Optional.of(Lease.DELETING))) {
        requireDetached(disk, lease.value(), "deleted");
      }
      // Taking the lease keeps holders out, and fences whoever forgot that it lost the disk.
      Versioned<Lease> ours =
          metadata.replaceLease(
              disk.id(), lease.version(), lease.value().takenBy(Lease.DELETING, DiskIds.token()));
      List<Versioned<ContainerMembers>> containers = metadata.containers(disk.id());
      for (int i = 0; i < containers.size(); i++) {
        cleanup.delete(
            new ContainerId(disk.id(), i), containers.get(i).value(), ours.value().epoch());
      }
      records.remove(disk, found.version(), containers.size());
    } catch (MetadataException e) {
      throw Failures.of("deleting disk '" + disk.name() + "'", e);
    }
    log.atInfo()
        .addKeyValue("disk", disk.id())
        .addKeyValue("name", disk.name())
        .log("disk deleted");
  }

  /** A pure change of a disk's metadata, decided again when it met another change. */
  private interface Change {
    Disk apply(Disk disk, Lease lease) throws DiskException, VersionTreeException;
  }

  private Disk changed(String nameOrId, String operation, Change change) throws DiskException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Versioned<Disk> found = find(nameOrId);
      Disk disk = found.value();
      try {
        Versioned<Lease> lease = metadata.lease(disk.id());
        Disk next = change.apply(disk, lease.value());
        int added = next.containers() - disk.containers();
        metadata.replaceDisk(
            lease.version(), found.version(), next, added == 0 ? List.of() : place(next, added));
        log.atInfo()
            .addKeyValue("disk", disk.id())
            .addKeyValue("name", disk.name())
            .addKeyValue("operation", operation)
            .log("disk changed");
        return next;
      } catch (MetadataException.Conflict | MetadataException.LeaseTaken e) {
        log.debug("{} of {} meets another change, deciding again", operation, disk.id());
      } catch (MetadataException e) {
        throw Failures.of(operation + " of disk '" + nameOrId + "'", e);
      } catch (VersionTreeException e) {
        throw Failures.of(nameOrId, e);
      }
    }
    throw keepsChanging(nameOrId);
  }

  /** Nodes for the last {@code count} containers of the disk, or all when it is 0. */
  public List<ContainerMembers> place(Disk disk, int count) throws DiskException {
    Map<String, Integer> use = new HashMap<>();
    for (DiskStatus status : list()) {
      for (ContainerStatus container : status.containers()) {
        container.replicas().forEach(n -> use.merge(n, 1, Integer::sum));
      }
    }
    try {
      return ReplicaPlacement.place(
          count == 0 ? disk.containers() : count,
          disk.policy().replicas(),
          nodes.live().stream().map(StorageNode::nodeId).toList(),
          use);
    } catch (MetadataException e) {
      throw Failures.of("placing disk '" + disk.name() + "'", e);
    }
  }

  private Versioned<Disk> find(String nameOrId) throws DiskException {
    try {
      client.sync(Paths.DISKS);
      return records.find(nameOrId).orElseThrow(() -> DiskException.NotFound.disk(nameOrId));
    } catch (MetadataException e) {
      throw Failures.of("reading disk '" + nameOrId + "'", e);
    }
  }

  private static void requireUnheld(Disk disk, Lease lease, String operation) throws DiskException {
    if (lease.holder().isPresent()) {
      throw new DiskException.HeldElsewhere(disk.id(), lease.holder().get(), operation);
    }
  }

  private static void requireDetached(Disk disk, Lease lease, String participle)
      throws DiskException {
    if (lease.holder().isPresent()) {
      throw new DiskException.InUse(
          "disk '"
              + disk.name()
              + "' cannot be "
              + participle
              + " while node "
              + lease.holder().get()
              + " holds it; stop its VM or detach it there first");
    }
  }

  private static DiskException nameTaken(String name) {
    return new DiskException.AlreadyExists("there is a disk named '" + name + "' already");
  }

  private static DiskException keepsChanging(String nameOrId) {
    return new DiskException.Unavailable(
        "disk '" + nameOrId + "' is being changed by others all the time; try again", null);
  }
}
