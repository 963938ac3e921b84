package io.drover.hostagent.cgroup;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Finds the cgroup file systems among the mounts. Pure. */
final class CgroupMounts {
  private CgroupMounts() {}

  /**
   * Where version 1's {@code cpu} controller is.
   *
   * @param mounts text of {@code /proc/self/mounts}
   */
  static Optional<Path> v1Cpu(String mounts) {
    return find(mounts, "cgroup", "cpu");
  }

  /** Where version 2 is; whether it has the {@code cpu} controller is another question. */
  static Optional<Path> v2(String mounts) {
    return find(mounts, "cgroup2", "");
  }

  private static Optional<Path> find(String mounts, String type, String option) {
    return mounts
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length >= 4 && fields[2].equals(type))
        .filter(
            fields -> option.isEmpty() || Arrays.asList(fields[3].split(",", -1)).contains(option))
        .map(fields -> Path.of(fields[1].replace("\\040", " ")))
        .findFirst();
  }
}
