package io.drover.hostagent.power;

import io.drover.hostagent.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads which process a pid file means. */
final class HostProcess {
  /** Between the clocks of process start times and of the file system. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private HostProcess() {}

  /**
   * The living process that wrote the file.
   *
   * @return empty when there is no file, the process is gone, or the pid is now that of a process
   *     that started after the file was written
   */
  static Optional<ProcessIdentity> of(Path pidFile) throws IOException {
    try {
      Instant written = Files.getLastModifiedTime(pidFile).toInstant();
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      Optional<ProcessIdentity> process = ProcessIdentity.of(pid);
      Optional<Instant> started =
          ProcessHandle.of(pid).flatMap(handle -> handle.info().startInstant());
      return process.isPresent()
              && started.isPresent()
              && started.get().isBefore(written.plus(TOLERANCE))
          ? process
          : Optional.empty();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (NumberFormatException notWrittenYet) {
      return Optional.empty();
    }
  }
}
