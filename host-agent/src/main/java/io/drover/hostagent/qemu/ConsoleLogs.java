package io.drover.hostagent.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a guest that talks without end from filling the host's disk.
 *
 * <p>QEMU holds the log open and always writes at its end, so it may be cut short under it. What
 * the guest says at that very moment may come before the older lines that are kept.
 */
final class ConsoleLogs {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");
  static final int MAX_BYTES = 8 * 1024 * 1024;
  static final int KEPT_BYTES = 1024 * 1024;

  private ConsoleLogs() {}

  /** Cuts a log that has grown too long down to its end. */
  static void trim(Path log) {
    try {
      if (Files.size(log) > MAX_BYTES) {
        cut(log);
      }
    } catch (NoSuchFileException none) {
      LOG.atDebug().log("there is no {} yet", log);
    } catch (IOException e) {
      LOG.atWarn().log("cannot cut {} short: {}", log, e.toString());
    }
  }

  private static void cut(Path log) throws IOException {
    ByteBuffer end = ByteBuffer.allocate(KEPT_BYTES);
    try (FileChannel reading = FileChannel.open(log, StandardOpenOption.READ)) {
      long from = reading.size() - KEPT_BYTES;
      int got = 0;
      while (end.hasRemaining() && got >= 0) {
        got = reading.read(end, from + end.position());
      }
    }
    end.flip();
    try (FileChannel writing =
        FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      writing.truncate(0);
      while (end.hasRemaining()) {
        writing.write(end);
      }
    }
  }
}
