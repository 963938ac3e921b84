package io.drover.storage.nbd;

import io.drover.storage.block.BlockDevice;

/** What a client can choose by name. */
record Export(String name, BlockDevice device, boolean readOnly) {
  Export {
    if (name.isEmpty() || name.length() > 1024) {
      throw new IllegalArgumentException(
          "name has " + name.length() + " characters, must have 1 to 1024");
    }
  }
}
