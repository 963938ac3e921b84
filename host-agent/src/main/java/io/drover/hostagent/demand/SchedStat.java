package io.drover.hostagent.demand;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How long a thread ran, and how long it waited for a CPU though it could have run: the first two
 * numbers of {@code /proc/PID/task/TID/schedstat}.
 *
 * <p><strong>Throttling.</strong> A thread that its cgroup's quota holds back is runnable and not
 * running, so the kernel counts the time as waited, like time behind other threads. The kernel adds
 * a wait when it <em>ends</em>: a reading taken in the middle of one misses what has passed of it,
 * at most the quota's period, and the next reading has it. Over intervals many periods long that is
 * noise.
 *
 * <p>A thread that sleeps for an interrupt, a lock or a disk counts as neither. So used plus waited
 * is the share of time in which the thread had something to do. For a guest kept busy all the time
 * that is exactly what it would use with a CPU to itself. For one that comes and goes it is an
 * upper bound: a task of 10 ms that waits 40 ms for its turn counts 50 ms. A guest seen to want
 * more than it would take is relieved once too often; one seen to want less would never be.
 */
record SchedStat(long ranNanos, long waitedNanos) {
  static final SchedStat ZERO = new SchedStat(0, 0);

  /** Understands the file's text. */
  static Optional<SchedStat> parse(String text) {
    String[] fields = text.strip().split("\\s+", -1);
    if (fields.length < 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SchedStat(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Empty when the thread is gone. */
  static Optional<SchedStat> read(long pid, long thread) {
    try {
      return parse(
          Files.readString(Path.of("/proc/" + pid + "/task/" + thread + "/schedstat"), US_ASCII));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  SchedStat plus(SchedStat other) {
    return new SchedStat(ranNanos + other.ranNanos, waitedNanos + other.waitedNanos);
  }
}
