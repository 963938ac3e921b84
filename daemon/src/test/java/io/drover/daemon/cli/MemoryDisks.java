package io.drover.daemon.cli;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskCatalog;
import io.drover.storage.disk.DiskException;
import io.drover.storage.disk.DiskId;
import io.drover.storage.disk.DiskStatus;
import io.drover.storage.disk.NewDisk;
import io.drover.storage.version.VersionTreeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Disks without data; every change that is made is written down. */
final class MemoryDisks implements DiskCatalog {
  private final Map<String, Disk> byName = new LinkedHashMap<>();
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());

  List<String> changes() {
    return changes;
  }

  @Override
  public synchronized Disk create(NewDisk request) throws DiskException {
    if (byName.containsKey(request.name())) {
      throw new DiskException.AlreadyExists("there is a disk '" + request.name() + "' already");
    }
    Disk disk = Disk.created(new DiskId("d" + byName.size()), request);
    return changed("create", disk);
  }

  private Disk changed(String what, Disk disk) {
    byName.put(disk.name(), disk);
    changes.add(what + " " + disk.name());
    return disk;
  }

  @Override
  public synchronized Disk get(String nameOrId) throws DiskException {
    return byName.values().stream()
        .filter(d -> d.name().equals(nameOrId) || d.id().value().equals(nameOrId))
        .findFirst()
        .orElseThrow(() -> DiskException.NotFound.disk(nameOrId));
  }

  @Override
  public synchronized List<DiskStatus> list() throws DiskException {
    List<DiskStatus> all = new ArrayList<>();
    for (String name : byName.keySet()) {
      all.add(status(name));
    }
    return all;
  }

  @Override
  public synchronized DiskStatus status(String nameOrId) throws DiskException {
    Disk disk = get(nameOrId);
    List<String> nodes = List.of("host1", "host2", "host3");
    return new DiskStatus(
        disk, Optional.empty(), 0, List.of(new DiskStatus.ContainerStatus(0, nodes, nodes)));
  }

  @Override
  public synchronized Disk resize(String nameOrId, long sizeBytes) throws DiskException {
    return changed("resize", get(nameOrId).grownTo(sizeBytes));
  }

  @Override
  public synchronized void delete(String nameOrId) throws DiskException {
    Disk disk = get(nameOrId);
    byName.remove(disk.name());
    changes.add("delete " + disk.name());
  }

  @Override
  public synchronized Disk snapshot(String nameOrId, String snapshotName) throws DiskException {
    Disk disk = get(nameOrId);
    try {
      return changed(
          "snapshot",
          disk.withVersions(
              disk.versions()
                  .snapshot(snapshotName, Instant.EPOCH)
                  .seal(snapshotName, List.of(0L))));
    } catch (VersionTreeException refused) {
      throw new DiskException.Invalid(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public synchronized Disk revert(String nameOrId, String snapshotName) throws DiskException {
    Disk disk = get(nameOrId);
    try {
      return changed("revert", disk.withVersions(disk.versions().revert(snapshotName)));
    } catch (VersionTreeException refused) {
      throw new DiskException.Invalid(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public synchronized Disk clone(String nameOrId, String snapshotName, String newName)
      throws DiskException {
    Disk disk = get(nameOrId);
    if (disk.versions().find(snapshotName).isEmpty()) {
      throw new DiskException.NotFound("disk has no snapshot '" + snapshotName + "'");
    }
    try {
      return create(new NewDisk(newName, disk.sizeBytes(), disk.policy()));
    } catch (IllegalArgumentException refused) {
      throw new DiskException.Invalid(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public synchronized Disk deleteSnapshot(String nameOrId, String snapshotName)
      throws DiskException {
    Disk disk = get(nameOrId);
    try {
      return changed("delete-snapshot", disk.withVersions(disk.versions().delete(snapshotName)));
    } catch (VersionTreeException refused) {
      throw new DiskException.Invalid(String.valueOf(refused.getMessage()));
    }
  }
}
