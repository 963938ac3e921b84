package io.drover.storage.store;

import io.drover.storage.disk.DiskId;
import io.drover.storage.replica.ContainerId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a pool: {@code pool} (its format), {@code lock}, and a directory {@code
 * containers/<disk>.<index>} for each container. A process has the pool to itself.
 */
final class PoolDirectory implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(PoolDirectory.class);
  private static final String FORMAT = "drover-pool 1\n";
  private static final Pattern CONTAINER = Pattern.compile("([a-z0-9-]+)\\.([0-9]{1,9})");
  private static final String DRAFT = ".new";
  private static final String REMOVED = ".removed";

  private final Path path;
  private final Medium medium;
  private final FileChannel lockFile;
  private final FileStore volume;

  private PoolDirectory(Path path, Medium medium, FileChannel lockFile) throws IOException {
    this.path = path;
    this.medium = medium;
    this.lockFile = lockFile;
    this.volume = Files.getFileStore(path);
  }

  static PoolDirectory claim(Path path, Medium medium) throws IOException {
    Files.createDirectories(path.resolve("containers"));
    FileChannel lockFile =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(path, lockFile);
      checkFormat(path, medium);
      return new PoolDirectory(path, medium, lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void lock(Path path, FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw new IOException("pool " + path + " is in use by another process");
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("pool " + path + " is in use by this process already", e);
    }
  }

  private static void checkFormat(Path path, Medium medium) throws IOException {
    Path file = path.resolve("pool");
    if (!Files.exists(file)) {
      if (!Medium.list(path.resolve("containers")).isEmpty()) {
        throw new IOException(
            "pool " + path + " has containers but no file 'pool': not a pool, or damaged");
      }
      Path draft = draftOf(file);
      medium.delete(draft);
      try (StoreFile made = medium.create(draft)) {
        made.write(StandardCharsets.UTF_8.encode(FORMAT), 0);
        made.force();
      }
      medium.rename(draft, file);
    }
    String format = Files.readString(file);
    if (!format.equals(FORMAT)) {
      throw new IOException(
          "pool " + path + " has format '" + format.strip() + "', want '" + FORMAT.strip() + "'");
    }
  }

  Path path() {
    return path;
  }

  FileStore volume() {
    return volume;
  }

  Path pathOf(ContainerId id) {
    return path.resolve("containers").resolve(id.disk().value() + "." + id.index());
  }

  static Path draftOf(Path path) {
    return path.resolveSibling(path.getFileName() + DRAFT);
  }

  /** The containers that are there; what an earlier process left half made or removed goes. */
  SortedMap<ContainerId, Path> containers() throws IOException {
    SortedMap<ContainerId, Path> found =
        new TreeMap<>(Comparator.comparing(ContainerId::disk).thenComparingInt(ContainerId::index));
    for (Path directory : Medium.list(path.resolve("containers"))) {
      String name = directory.getFileName().toString();
      Matcher matcher = CONTAINER.matcher(name);
      if (matcher.matches()) {
        found.put(
            new ContainerId(new DiskId(matcher.group(1)), Integer.parseInt(matcher.group(2))),
            directory);
      } else if (name.endsWith(DRAFT) || name.endsWith(REMOVED)) {
        Medium.deleteTree(directory);
      } else {
        logger
            .atWarn()
            .addKeyValue("path", directory)
            .log("pool holds something that is no container, left alone");
      }
    }
    return found;
  }

  /** Removes a container; after a crash on the way it is there as a whole or not at all. */
  void remove(ContainerId id) throws IOException {
    Path from = pathOf(id);
    Path to = from.resolveSibling(from.getFileName() + REMOVED);
    Medium.deleteTree(to);
    medium.rename(from, to);
    Medium.deleteTree(to);
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      logger
          .atWarn()
          .addKeyValue("path", path)
          .addKeyValue("cause", e.toString())
          .log("lock of pool not released");
    }
  }
}
