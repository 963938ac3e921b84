package io.drover.hostagent.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One process, told apart from a later one with the same pid by when it started.
 *
 * <p>Valid within one boot of the kernel: whoever stores it stores {@link #bootId()} beside it.
 *
 * @param startTicks clock ticks from boot to the process's start, field 22 of {@code
 *     /proc/PID/stat}
 */
public record ProcessIdentity(long pid, long startTicks) {
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  /** The process that has this pid now; empty when there is none or it is a zombie. */
  public static Optional<ProcessIdentity> of(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), ISO_8859_1);
      // The command name in field 2 may hold spaces and parentheses; fields are counted from its
      // last one.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return ended
          ? Optional.empty()
          : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[19])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Names this boot of the kernel. */
  public static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), ISO_8859_1).strip();
  }

  public boolean alive() {
    return of(pid).map(this::equals).orElse(false);
  }

  /** Asks the process to end (SIGTERM). Does nothing when it is gone. */
  public void terminate() {
    signal(false);
  }

  /** Ends the process (SIGKILL). Does nothing when it is gone. */
  public void kill() {
    signal(true);
  }

  private void signal(boolean forcibly) {
    // The handle is taken before the check: it remembers the start time and refuses a successor
    // with the same pid.
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    if (handle.isEmpty() || !alive()) {
      return;
    }
    if (forcibly) {
      handle.get().destroyForcibly();
    } else {
      handle.get().destroy();
    }
  }

  /**
   * Waits until the process is gone.
   *
   * @return whether it is
   */
  public boolean awaitExit(Duration timeout) {
    // Looks every few milliseconds: the JDK offers no event for a process that is not its child,
    // and waits forever for a zombie that nobody reaps.
    long deadline = System.nanoTime() + timeout.toNanos();
    while (alive()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }
}
