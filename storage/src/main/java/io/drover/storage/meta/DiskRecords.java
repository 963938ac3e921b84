package io.drover.storage.meta;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskStatus;
import io.drover.storage.disk.DiskStatus.ContainerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The znodes of a disk as one unit: made, found and removed together. */
final class DiskRecords {
  private final ZooKeeperClient client;

  DiskRecords(ZooKeeperClient client) {
    this.client = client;
  }

  /** Makes the parents of everything. */
  void prepare() throws MetadataException {
    client.ensure(Paths.DISKS);
    client.ensure(Paths.NAMES);
  }

  /**
   * Makes a disk's znodes, and replaces the origin that a clone hangs under, in one transaction.
   *
   * @throws MetadataException.Conflict when the name is taken or the origin was changed
   */
  void insert(Disk disk, List<ContainerMembers> containers, Optional<Versioned<Disk>> origin)
      throws MetadataException {
    ZooKeeperClient.Transaction make =
        client
            .transaction()
            .create(Paths.name(disk.name()), Json.write(disk.id()))
            .create(Paths.disk(disk.id()), Json.write(disk))
            .create(Paths.lease(disk.id()), Json.write(Lease.NEVER_HELD))
            .create(Paths.containers(disk.id()), new byte[0]);
    for (int i = 0; i < containers.size(); i++) {
      make.create(Paths.container(disk.id(), i), Json.write(containers.get(i)));
    }
    if (origin.isPresent()) {
      Disk linked = origin.get().value();
      make.set(Paths.disk(linked.id()), origin.get().version(), Json.write(linked));
    }
    try {
      make.commit("creating disk " + disk.id());
    } catch (MetadataException.Conflict e) {
      // A repeated request meets its own first attempt: then the name leads to this very identity.
      if (idOf(disk.name()).filter(disk.id()::equals).isEmpty()) {
        throw e;
      }
    }
  }

  /** Removes a disk's znodes, and its entry at the origin when it is a clone. */
  void remove(Disk disk, int diskVersion, int containers) throws MetadataException {
    ZooKeeperClient.Transaction removal =
        client
            .transaction()
            // Fails when a clone was hung under the disk since it was looked at.
            .set(Paths.disk(disk.id()), diskVersion, Json.write(disk));
    for (int i = 0; i < containers; i++) {
      removal.delete(Paths.container(disk.id(), i));
    }
    removal
        .delete(Paths.containers(disk.id()))
        .delete(Paths.lease(disk.id()))
        .delete(Paths.disk(disk.id()))
        .delete(Paths.name(disk.name()));
    if (disk.origin().isPresent()) {
      Versioned<Disk> origin = client.read(Paths.disk(disk.origin().get().disk()), Disk.class);
      Disk unlinked = origin.value().withVersions(origin.value().versions().removeClone(disk.id()));
      removal.set(Paths.disk(unlinked.id()), origin.version(), Json.write(unlinked));
    }
    removal.commit("removing disk " + disk.id());
  }

  Optional<Versioned<Disk>> find(String nameOrId) throws MetadataException {
    Optional<DiskId> id = idOf(nameOrId);
    if (id.isEmpty()) {
      try {
        id = Optional.of(new DiskId(nameOrId));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(client.read(Paths.disk(id.get()), Disk.class));
    } catch (MetadataException.Missing e) {
      return Optional.empty();
    }
  }

  /** Empty when the disk is gone. */
  Optional<DiskStatus> status(DiskId id) throws MetadataException {
    try {
      Disk disk = client.read(Paths.disk(id), Disk.class).value();
      Lease lease = client.read(Paths.lease(id), Lease.class).value();
      List<ContainerStatus> containers = new ArrayList<>();
      for (int i = 0; i < disk.containers(); i++) {
        ContainerMembers members =
            client.read(Paths.container(id, i), ContainerMembers.class).value();
        containers.add(new ContainerStatus(i, members.replicas(), members.inSync()));
      }
      return Optional.of(new DiskStatus(disk, lease.holder(), lease.epoch(), containers));
    } catch (MetadataException.Missing e) {
      return Optional.empty();
    }
  }

  boolean nameExists(String name) throws DiskException {
    try {
      return idOf(name).isPresent();
    } catch (MetadataException e) {
      throw Failures.of("looking for disk '" + name + "'", e);
    }
  }

  private Optional<DiskId> idOf(String name) throws MetadataException {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      return Optional.empty(); // no name, and no valid path either
    }
    try {
      return Optional.of(client.read(Paths.name(name), DiskId.class).value());
    } catch (MetadataException.Missing e) {
      return Optional.empty();
    }
  }
}
