package io.drover.storage.replica;

import io.drover.storage.disk.DiskId;

/** Identity of a container: the {@code index}-th stripe of a disk. */
public record ContainerId(DiskId disk, int index) {
  public ContainerId {
    if (index < 0) {
      throw new IllegalArgumentException("container index " + index + ": accepted is 0 or more");
    }
  }

  @Override
  public String toString() {
    return disk.value() + "/" + index;
  }
}
