package io.drover.storage.store;

import java.io.IOException;
import java.nio.file.FileStore;

/** What all containers of a pool share. */
record Pool(
    String nodeId,
    String bootId,
    Medium medium,
    SpaceGuard space,
    long segmentBytes,
    StoreMetrics metrics) {

  static Pool of(
      String nodeId,
      String bootId,
      Medium medium,
      FileStore volume,
      StoreSettings settings,
      StoreMetrics metrics)
      throws IOException {
    SpaceGuard.Measure measure =
        () -> {
          long capacity = volume.getTotalSpace();
          long usable = medium.usableBytes(volume);
          metrics.capacityBytes.set((double) capacity);
          long room = Math.max(0, usable - settings.reservedBytes());
          metrics.usedBytes.set((double) (capacity - room));
          return usable;
        };
    measure.usableBytes();
    SpaceGuard space = new SpaceGuard(measure, settings.reservedBytes(), System::nanoTime);
    return new Pool(nodeId, bootId, medium, space, settings.segmentBytes(), metrics);
  }
}
