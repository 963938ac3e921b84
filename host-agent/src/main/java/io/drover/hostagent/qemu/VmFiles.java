package io.drover.hostagent.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where a VM's files are on this host.
 *
 * @param data survives restarts of the machine: record and logs
 * @param run sockets; their paths must be short
 */
record VmFiles(Path data, Path run) {
  /** Size of {@code sun_path}, less the closing zero. */
  static final int MAX_SOCKET_PATH_BYTES = 107;

  /** Whoever can open the monitor's socket owns the machine. */
  private static final FileAttribute<Set<PosixFilePermission>> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int LOG_TAIL_BYTES = 2000;

  static VmFiles of(Path dataDir, Path runDir, VmId vm) {
    return new VmFiles(
        folder(dataDir).resolve(vm.value()), runDir.resolve("vm").resolve(vm.value()));
  }

  /** The folder that holds a folder for each VM. */
  static Path folder(Path dataDir) {
    return dataDir.resolve("vms");
  }

  Path record() {
    return data.resolve("process.json");
  }

  /** Written by QEMU itself, also when the daemon dies before it has recorded the process. */
  Path pidFile() {
    return data.resolve("pid");
  }

  Path processLog() {
    return data.resolve("qemu.log");
  }

  Path consoleLog() {
    return data.resolve("console.log");
  }

  Path qmpSocket() {
    return run.resolve("qmp");
  }

  Path consoleSocket() {
    return run.resolve("tty");
  }

  /** Makes the folders and removes what an earlier process left. */
  void prepare() throws IOException {
    Files.createDirectories(data, OWN);
    Files.createDirectories(run, OWN);
    if (consoleSocket().toString().getBytes(UTF_8).length > MAX_SOCKET_PATH_BYTES) {
      throw new IOException(
          "the socket path "
              + consoleSocket()
              + " is longer than "
              + MAX_SOCKET_PATH_BYTES
              + " bytes; give the node a shorter run-dir");
    }
    clear();
  }

  /** Removes what only a living process needs; logs stay. */
  void clear() throws IOException {
    Files.deleteIfExists(record());
    Files.deleteIfExists(pidFile());
    Files.deleteIfExists(qmpSocket());
    Files.deleteIfExists(consoleSocket());
  }

  /** The end of what QEMU wrote to its log. */
  String processLogTail() {
    try (RandomAccessFile log = new RandomAccessFile(processLog().toFile(), "r")) {
      long from = Math.max(0, log.length() - LOG_TAIL_BYTES);
      byte[] tail = new byte[(int) (log.length() - from)];
      log.seek(from);
      log.readFully(tail);
      return new String(tail, UTF_8).strip();
    } catch (IOException e) {
      return "(" + processLog() + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
