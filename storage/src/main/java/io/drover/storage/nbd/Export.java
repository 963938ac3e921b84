package io.drover.storage.nbd;

import io.drover.storage.block.BlockDevice;
import java.time.Duration;

/** What a client can choose by name; equal only to itself. */
final class Export {
  /**
   * A client that lost its connection connects again at once, and does so for ever; being refused,
   * QEMU for one waits longer and longer before it tries again.
   */
  private static final Duration REST_AFTER_FENCING = Duration.ofSeconds(1);

  private final String name;
  private final BlockDevice device;
  private final boolean readOnly;

  /** Of {@link System#nanoTime}; in the past when the export rests not. */
  private volatile long restsUntilNanos = System.nanoTime();

  Export(String name, BlockDevice device, boolean readOnly) {
    if (name.isEmpty() || name.length() > 1024) {
      throw new IllegalArgumentException(
          "name has " + name.length() + " characters, must have 1 to 1024");
    }
    this.name = name;
    this.device = device;
    this.readOnly = readOnly;
  }

  String name() {
    return name;
  }

  BlockDevice device() {
    return device;
  }

  boolean readOnly() {
    return readOnly;
  }

  /** The device said that it belongs to somebody else now. */
  void fenced() {
    restsUntilNanos = System.nanoTime() + REST_AFTER_FENCING.toNanos();
  }

  /** Whether clients are turned away: while the device is fenced, and for a moment after. */
  boolean resting() {
    return device.fenced() || System.nanoTime() - restsUntilNanos < 0;
  }
}
