package io.drover.hostagent.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drover.hostagent.process.ProcessIdentity;
import io.drover.hostagent.vm.VmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and kills the QEMU process that belongs to a VM's folder but to no daemon.
 *
 * <p>A pid alone proves nothing. A process is ours if it is the recorded one by start time and
 * boot; or, where a daemon died before it could record it, if QEMU's pid file names it and its
 * command line names this very pid file.
 */
final class OrphanProcess {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qemu");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private OrphanProcess() {}

  /** Does nothing when there is none. */
  static void kill(VmFiles files, VmId vm) throws IOException {
    Optional<ProcessIdentity> found = find(files);
    if (found.isEmpty()) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("vm", vm)
        .addKeyValue("pid", found.get().pid())
        .log("killing a QEMU that an earlier daemon left and that is not wanted here");
    found.get().kill();
    if (!found.get().awaitExit(LIMIT)) {
      throw new IOException(
          "process "
              + found.get().pid()
              + " of VM "
              + vm
              + " does not go away though it was killed");
    }
  }

  private static Optional<ProcessIdentity> find(VmFiles files) throws IOException {
    Optional<ProcessRecord> record = readRecord(files);
    if (record.isPresent()
        && record.get().bootId().equals(ProcessIdentity.bootId())
        && record.get().process().alive()) {
      return Optional.of(record.get().process());
    }
    try {
      long pid = Long.parseLong(Files.readString(files.pidFile()).strip());
      Optional<ProcessIdentity> process = ProcessIdentity.of(pid);
      return process.isPresent() && commandLine(pid).contains(files.pidFile().toString())
          ? process
          : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException noPid) {
      return Optional.empty();
    }
  }

  /** Empty when there is none or it is damaged. */
  static Optional<ProcessRecord> readRecord(VmFiles files) {
    try {
      return Optional.of(ProcessRecord.read(files.record()));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException damaged) {
      LOG.atWarn().log("{} cannot be read: {}", files.record(), damaged.toString());
      return Optional.empty();
    }
  }

  private static List<String> commandLine(long pid) throws IOException {
    byte[] words = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
    return Arrays.asList(new String(words, UTF_8).split("\0", -1));
  }
}
