package io.drover.hostagent.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The quota by version 1's {@code cpu} controller, to which a thread is as good as a process. */
final class CgroupV1Quota implements CpuQuota {
  /**
   * Weight of all hosts' guests against everything else, where 1024 is that of one thread. A quota
   * is what the scheduler counts on as capacity, so other work on the machine must not take it.
   */
  private static final int SHARES = 16 * 1024;

  /** What a period has left over may be used in later ones, up to this; since Linux 5.14. */
  private static final String BURST = "cpu.cfs_burst_us";

  private final Path parent;
  private final Path group;
  private final CpuBandwidth bandwidth;

  /**
   * Does not touch the file system yet.
   *
   * @param mount of the controller
   */
  CgroupV1Quota(Path mount, String folder, String host, CpuBandwidth bandwidth) {
    parent = mount.resolve(folder);
    group = parent.resolve(host);
    this.bandwidth = bandwidth;
  }

  /** Clears up after dead hosts, and gives an own group that is still there its new quota. */
  void open() throws IOException {
    CgroupFolders.removeEmpty(parent, "tasks");
    make();
  }

  @Override
  public synchronized void hold(long pid, List<Long> threads) throws IOException {
    try {
      CgroupFolders.move(group.resolve("tasks"), threads);
    } catch (NoSuchFileException tidiedUpByAnotherHost) {
      make();
      CgroupFolders.move(group.resolve("tasks"), threads);
    }
  }

  private void make() throws IOException {
    Files.createDirectories(group);
    Files.writeString(parent.resolve("cpu.shares"), Integer.toString(SHARES));
    // The period first: the quota that is there may be out of range for the new period, but none
    // (-1) never is.
    CgroupFolders.writeIfThere(group.resolve(BURST), "0");
    Files.writeString(group.resolve("cpu.cfs_quota_us"), "-1");
    Files.writeString(group.resolve("cpu.cfs_period_us"), Long.toString(bandwidth.periodMicros()));
    String quota = Long.toString(bandwidth.quotaMicros());
    Files.writeString(group.resolve("cpu.cfs_quota_us"), quota);
    CgroupFolders.writeIfThere(group.resolve(BURST), quota);
  }

  @Override
  public synchronized void close() {
    CgroupFolders.removeIfEmpty(group);
    CgroupFolders.removeIfEmpty(parent);
  }
}
