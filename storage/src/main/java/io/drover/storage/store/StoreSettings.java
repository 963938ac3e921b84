package io.drover.storage.store;

import io.drover.config.ConfigReader;

/**
 * Settings of a node's pool, section {@code drover.storage.store}.
 *
 * @param segmentBytes size at which a segment is full
 * @param reservedBytes free space below which appends are refused
 */
public record StoreSettings(long segmentBytes, long reservedBytes) {
  private static final long MEBIBYTE = 1L << 20;

  public StoreSettings {
    if (segmentBytes < 64 * 1024 || segmentBytes > 1024 * MEBIBYTE) {
      throw new IllegalArgumentException(
          "segmentBytes " + segmentBytes + ": accepted are 64 KiB to 1 GiB");
    }
    if (reservedBytes < 0) {
      throw new IllegalArgumentException(
          "reservedBytes " + reservedBytes + ": accepted is 0 or more");
    }
  }

  public static StoreSettings read(ConfigReader section) {
    return new StoreSettings(
        section.bytes("segment-size", MEBIBYTE, 1024 * MEBIBYTE),
        section.bytes("reserved-space", 0, 1L << 40));
  }
}
