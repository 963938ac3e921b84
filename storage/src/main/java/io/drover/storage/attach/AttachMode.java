package io.drover.storage.attach;

/** How a host opens a disk. */
public enum AttachMode {
  /** Take the lease before the export appears; the disk can be written. */
  HOLDER,
  /** Read current data, cache nothing and hold writes until {@link AttachedDisk#takeLease()}. */
  OBSERVER
}
