package io.drover.storage.transfer;

import java.util.Locale;

/** What can be written. */
public enum ImageFormat {
  RAW,
  QCOW2;

  /** As {@code qemu-img} and the command line call it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
