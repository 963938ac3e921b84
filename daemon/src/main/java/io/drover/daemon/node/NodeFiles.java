package io.drover.daemon.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The files by which a node shows itself to whoever started it: {@code pid}, and {@code ready} once
 * everything runs; and the lock that keeps two processes from using one data folder.
 */
final class NodeFiles implements AutoCloseable {
  private final Path pid;
  private final Path ready;
  private final FileChannel lockFile;
  private final FileLock lock;

  private NodeFiles(Path pid, Path ready, FileChannel lockFile, FileLock lock) {
    this.pid = pid;
    this.ready = ready;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  static NodeFiles claim(NodeSettings node) throws IOException {
    Files.createDirectories(node.dataDir());
    Files.createDirectories(node.runDir());
    FileChannel lockFile =
        FileChannel.open(
            node.dataDir().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = lockFile.tryLock();
    if (lock == null) {
      lockFile.close();
      throw new IOException(
          "another Drover node uses "
              + node.dataDir()
              + "; stop it, or give this node another drover.node.data-dir");
    }
    NodeFiles files =
        new NodeFiles(node.runDir().resolve("pid"), node.runDir().resolve("ready"), lockFile, lock);
    Files.deleteIfExists(files.ready);
    write(files.pid, ProcessHandle.current().pid() + "\n");
    return files;
  }

  void markReady(String url) throws IOException {
    write(ready, url + "\n");
  }

  void markStopping() throws IOException {
    Files.deleteIfExists(ready);
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(ready);
    Files.deleteIfExists(pid);
    lock.release();
    lockFile.close();
  }
}
