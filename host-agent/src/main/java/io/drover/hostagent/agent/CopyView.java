package io.drover.hostagent.agent;

import java.util.List;

/**
 * What of a virtual machine is on one host.
 *
 * @param placementEpoch the epoch it was started with; 0 if there is no copy
 * @param disks its disks here, and whose they are
 */
public record CopyView(CopyState state, long placementEpoch, List<DiskView> disks) {
  public CopyView {
    disks = List.copyOf(disks);
  }

  /** No copy and no disks. */
  public static CopyView absent() {
    return new CopyView(CopyState.ABSENT, 0, List.of());
  }

  /** Whether memory of the machine is here, or may be, that could go on running. */
  public boolean alive() {
    return switch (state) {
      case RUNNING, PAUSED, IO_ERROR, POST_MIGRATE, UNKNOWN -> true;
      case INCOMING, EXITED, POWERED_OFF, ABSENT -> false;
    };
  }

  /**
   * A disk attached on this host.
   *
   * @param attachState {@code OBSERVER}, {@code HOLDER}, {@code RELEASED} or {@code FENCED}
   */
  public record DiskView(String disk, String attachState, long leaseEpoch) {}
}
