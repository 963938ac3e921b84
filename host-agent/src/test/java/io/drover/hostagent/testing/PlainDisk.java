package io.drover.hostagent.testing;

import io.drover.hostagent.hypervisor.DiskAttachment;
import io.drover.storage.disk.DiskId;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file served by {@code qemu-nbd} on a Unix socket to any number of clients. */
public final class PlainDisk {
  private static final long SIZE_BYTES = 16L * 1024 * 1024;

  private final Path file;
  private final Path socket;
  private final DiskId id;
  private Process server;

  /** An empty disk. */
  public PlainDisk(Path folder) throws Exception {
    this(folder, "plain-disk", new byte[0]);
  }

  /** A disk that begins with the given bytes. */
  public PlainDisk(Path folder, String name, byte[] content) throws Exception {
    id = new DiskId(name);
    file = folder.resolve(name + ".raw");
    socket = folder.resolve(name + ".nbd");
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.write(content);
      raw.setLength(SIZE_BYTES);
    }
    server = serve();
  }

  private Process serve() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    "qemu-nbd",
                    "--persistent",
                    "--shared=0",
                    "--format=raw",
                    "--socket=" + socket,
                    "--export-name=" + id.value(),
                    file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    Await.until(
        "the socket of qemu-nbd",
        () -> {
          if (!process.isAlive()) {
            throw new IOException("qemu-nbd ended with code " + process.exitValue());
          }
          return Files.exists(socket);
        });
    return process;
  }

  /** What a machine needs to use it. */
  public DiskAttachment attachment() {
    return new DiskAttachment(id, socket, id.value());
  }

  /** Ends the server at once. */
  public void stop() throws Exception {
    server.destroyForcibly();
    if (!server.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("qemu-nbd does not end");
    }
    Files.deleteIfExists(socket);
  }

  /** Serves the same file again. */
  public void restart() throws Exception {
    server = serve();
  }

  /** Ends everything it started. */
  public void close() throws Exception {
    stop();
  }
}
