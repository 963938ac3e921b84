package io.drover.hostagent.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Making, filling and removing groups, common to both versions of the cgroup file system. */
final class CgroupFolders {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.cgroup");

  private CgroupFolders() {}

  /**
   * Moves threads into the group.
   *
   * @param file takes one id per write
   * @throws NoSuchFileException when the group is gone
   */
  static void move(Path file, List<Long> threads) throws IOException {
    for (long thread : threads) {
      try {
        Files.writeString(file, Long.toString(thread));
      } catch (NoSuchFileException e) {
        throw e;
      } catch (IOException e) {
        // The kernel says "No such process" for a thread that ended; only then is it no failure.
        if (Files.exists(Path.of("/proc/" + thread))) {
          throw new IOException(
              "cannot put thread " + thread + " under the quota by " + file + ": " + e.getMessage(),
              e);
        }
      }
    }
  }

  /** Writes a file that older kernels do not have. */
  static void writeIfThere(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      Files.writeString(file, text);
    }
  }

  /** Removes the groups of hosts that have no thread left; one in use refuses by itself. */
  static void removeEmpty(Path parent, String members) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (Stream<Path> groups = Files.list(parent)) {
      for (Path group : groups.filter(Files::isDirectory).sorted().toList()) {
        if (Files.readString(group.resolve(members)).isBlank()) {
          removeIfEmpty(group);
        }
      }
    } catch (NoSuchFileException removedByAnother) {
      LOG.atDebug().log("another host tidied up too: {}", removedByAnother.getMessage());
    } catch (IOException | UncheckedIOException e) {
      LOG.atWarn().addKeyValue("cgroup", parent).log("cannot tidy up: {}", e.toString());
    }
  }

  /** Removes a group; does nothing when it is gone or has members. */
  static void removeIfEmpty(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (DirectoryNotEmptyException e) {
      LOG.atDebug().addKeyValue("cgroup", group).log("still in use");
    } catch (FileSystemException busy) {
      LOG.atDebug().addKeyValue("cgroup", group).log("still in use: {}", busy.getReason());
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("cgroup", group).log("cannot remove: {}", e.toString());
    }
  }
}
