package io.drover.storage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Identity of the machine's current boot: with another one the page cache is gone. */
final class BootId {
  private static final Path SOURCE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  static String current() throws IOException {
    return Files.readString(SOURCE).strip();
  }
}
