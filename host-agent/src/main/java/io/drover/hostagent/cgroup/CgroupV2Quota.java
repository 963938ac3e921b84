package io.drover.hostagent.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The quota by version 2.
 *
 * <p>There a process's threads may only be spread over <em>threaded</em> groups below the one that
 * holds the process. So the whole process goes into a group of its host, and its vCPU threads into
 * a threaded group {@code vcpus} below, which has the quota:
 *
 * <pre>
 * FOLDER/HOST         the hypervisor processes
 * FOLDER/HOST/vcpus   the threads that run guest code; cpu.max
 * </pre>
 */
final class CgroupV2Quota implements CpuQuota {
  /** The same as version 1's share, on a scale where 100 is the default. */
  private static final int WEIGHT = 1600;

  private final Path mount;
  private final Path parent;
  private final Path host;
  private final Path vcpus;
  private final CpuBandwidth bandwidth;

  CgroupV2Quota(Path mount, String folder, String host, CpuBandwidth bandwidth) {
    this.mount = mount;
    parent = mount.resolve(folder);
    this.host = parent.resolve(host);
    vcpus = this.host.resolve("vcpus");
    this.bandwidth = bandwidth;
  }

  void open() throws IOException {
    if (Files.isDirectory(parent)) {
      try (var hosts = Files.list(parent)) {
        for (Path other : hosts.filter(Files::isDirectory).sorted().toList()) {
          remove(other);
        }
      }
    }
    make();
  }

  @Override
  public synchronized void hold(long pid, List<Long> threads) throws IOException {
    try {
      place(pid, threads);
    } catch (NoSuchFileException tidiedUpByAnotherHost) {
      make();
      place(pid, threads);
    }
  }

  private void place(long pid, List<Long> threads) throws IOException {
    // Would take the threads out of the threaded group again; so only if the process is elsewhere.
    if (!memberOfHost(pid)) {
      CgroupFolders.move(host.resolve("cgroup.procs"), List.of(pid));
    }
    CgroupFolders.move(vcpus.resolve("cgroup.threads"), threads);
  }

  private boolean memberOfHost(long pid) throws IOException {
    return Files.readString(host.resolve("cgroup.procs"))
        .lines()
        .anyMatch(line -> line.equals(Long.toString(pid)));
  }

  private void make() throws IOException {
    Files.createDirectories(vcpus);
    for (Path level = mount; !level.equals(host); level = level.resolve(next(level))) {
      Files.writeString(level.resolve("cgroup.subtree_control"), "+cpu");
    }
    Files.writeString(parent.resolve("cpu.weight"), Integer.toString(WEIGHT));
    Files.writeString(vcpus.resolve("cgroup.type"), "threaded");
    Files.writeString(host.resolve("cgroup.subtree_control"), "+cpu");
    Files.writeString(
        vcpus.resolve("cpu.max"), bandwidth.quotaMicros() + " " + bandwidth.periodMicros());
    CgroupFolders.writeIfThere(
        vcpus.resolve("cpu.max.burst"), Long.toString(bandwidth.quotaMicros()));
  }

  /** The next folder on the way from {@code level} down to the host's group. */
  private Path next(Path level) {
    return level.relativize(host).getName(0);
  }

  @Override
  public synchronized void close() {
    remove(host);
    CgroupFolders.removeIfEmpty(parent);
  }

  private static void remove(Path group) {
    CgroupFolders.removeIfEmpty(group.resolve("vcpus"));
    CgroupFolders.removeIfEmpty(group);
  }
}
