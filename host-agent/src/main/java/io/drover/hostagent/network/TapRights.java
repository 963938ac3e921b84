package io.drover.hostagent.network;

import java.util.Optional;

/** Whether this process may make taps. Pure. */
final class TapRights {
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;

  private TapRights() {}

  /**
   * The first right that is missing.
   *
   * @param status text of {@code /proc/self/status}
   * @param namespace whether the tap has to be moved to another network namespace
   */
  static Optional<String> missing(String status, boolean namespace) {
    long effective =
        status
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .mapToLong(hex -> Long.parseUnsignedLong(hex, 16))
            .findFirst()
            .orElse(0);
    if ((effective >>> CAP_NET_ADMIN & 1) == 0) {
      return Optional.of("the daemon has no CAP_NET_ADMIN");
    }
    if (namespace && (effective >>> CAP_SYS_ADMIN & 1) == 0) {
      return Optional.of("the daemon has no CAP_SYS_ADMIN to enter the network namespace");
    }
    return Optional.empty();
  }
}
