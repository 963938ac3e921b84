package io.drover.storage.controller;

import io.drover.storage.disk.Acknowledge;
import io.drover.storage.disk.DiskPolicy;
import java.util.List;

/** Decides how far a container's log is acknowledged and durable. Pure. */
final class AckRule {
  private AckRule() {}

  /**
   * How far one member has come.
   *
   * @param inSync whether the metadata lists it; one that is about to join must answer too, but
   *     does not count as a copy
   * @param appended last sequence it has answered to
   * @param durable last sequence that it has on its medium
   */
  record Progress(boolean inSync, long appended, long durable) {}

  /**
   * The sequence up to which writes may be answered, or -1 for "none further": every in-sync member
   * has it, and with one copy left, or by policy, on its medium.
   */
  static long acknowledged(DiskPolicy policy, List<Progress> members) {
    long copies = members.stream().filter(Progress::inSync).count();
    if (copies == 0 || copies < policy.minInSync()) {
      return -1;
    }
    return needsMedium(policy, members) ? durable(members) : lowest(members);
  }

  /** Whether writes may be answered only when they are on the medium. */
  static boolean needsMedium(DiskPolicy policy, List<Progress> members) {
    return policy.acknowledge() == Acknowledge.DURABLE
        || members.stream().filter(Progress::inSync).count() <= 1;
  }

  /** The sequence up to which every member has the log on its medium, or -1 without members. */
  static long durable(List<Progress> members) {
    return members.stream().mapToLong(Progress::durable).min().orElse(-1);
  }

  private static long lowest(List<Progress> members) {
    return members.stream().mapToLong(Progress::appended).min().orElse(-1);
  }
}
