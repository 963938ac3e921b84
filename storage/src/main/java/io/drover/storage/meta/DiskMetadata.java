package io.drover.storage.meta;

import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.ContainerId;
import java.util.List;

/**
 * The metadata as a disk's controller sees it; every read is linearizable (a ZooKeeper {@code sync}
 * goes first), every change is a compare-and-set.
 *
 * <p>A change whose answer got lost throws {@link MetadataException.Unavailable}. Repeating the
 * same change with the same versions is safe: it reports success when the first attempt had
 * succeeded.
 */
public interface DiskMetadata {
  Versioned<Disk> disk(DiskId disk) throws MetadataException;

  Versioned<Lease> lease(DiskId disk) throws MetadataException;

  /** All containers of the disk in order. */
  List<Versioned<ContainerMembers>> containers(DiskId disk) throws MetadataException;

  Versioned<ContainerMembers> container(ContainerId container) throws MetadataException;

  /** Replaces the lease if its version is still the expected one. */
  Versioned<Lease> replaceLease(DiskId disk, int expectedVersion, Lease next)
      throws MetadataException;

  /** Replaces a container's sets, if the lease and the container are still as expected. */
  Versioned<ContainerMembers> replaceContainer(
      ContainerId container, int leaseVersion, int expectedVersion, ContainerMembers next)
      throws MetadataException;

  /**
   * Replaces the disk and adds containers behind the existing ones, if lease and disk are still as
   * expected.
   */
  Versioned<Disk> replaceDisk(
      int leaseVersion, int expectedVersion, Disk next, List<ContainerMembers> addedContainers)
      throws MetadataException;
}
