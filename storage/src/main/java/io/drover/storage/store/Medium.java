package io.drover.storage.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the store needs of a file system, so that tests can stand between it and the disk.
 *
 * <p>Names that were made, renamed or removed are durable after {@link #forceDirectory}.
 */
class Medium {

  StoreFile file(Path path) {
    return new StoreFile(path);
  }

  /** Makes an empty file; one of that name must not be there. */
  StoreFile create(Path path) throws IOException {
    Files.createFile(path);
    return file(path);
  }

  long usableBytes(FileStore volume) throws IOException {
    return volume.getUsableSpace();
  }

  void forceDirectory(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Durable when it returns; both names are in the same directory. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path directory = to.getParent();
    if (directory != null) {
      forceDirectory(directory);
    }
  }

  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Names in a directory, ascending. */
  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Removes a directory and what is in it; an absent one is no failure. */
  static void deleteTree(Path directory) throws IOException {
    List<Path> inside;
    try (Stream<Path> found = Files.walk(directory)) {
      inside = found.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : inside) {
      Files.deleteIfExists(path);
    }
  }
}
