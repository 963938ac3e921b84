package io.drover.storage.meta;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.ContainerId;

/** Where things lie below the client's chroot; the package's Javadoc shows the whole. */
final class Paths {
  static final String DISKS = "/disks";
  static final String NAMES = "/disk-names";
  static final String NODES = "/storage-nodes";

  private Paths() {}

  static String disk(DiskId disk) {
    return DISKS + "/" + disk.value();
  }

  static String lease(DiskId disk) {
    return disk(disk) + "/lease";
  }

  static String containers(DiskId disk) {
    return disk(disk) + "/containers";
  }

  static String container(DiskId disk, int index) {
    return containers(disk) + "/" + index;
  }

  static String container(ContainerId container) {
    return container(container.disk(), container.index());
  }

  static String name(String name) {
    return NAMES + "/" + name;
  }

  static String node(String nodeId) {
    return NODES + "/" + nodeId;
  }
}
