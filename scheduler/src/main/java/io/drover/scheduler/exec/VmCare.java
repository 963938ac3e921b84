package io.drover.scheduler.exec;

import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmPlacement;

/**
 * Says what has to be done for a machine that is not being moved, from its placement and from what
 * its host reports; a pure function.
 *
 * <pre>
 * desired  host     copy on the host                                deed
 * RUNNING  none     -                                               NOTHING (the planner finds a place)
 * RUNNING  lost     -                                               UNPLACE
 * RUNNING  silent   -                                               NOTHING
 * RUNNING  reports  absent, or of another epoch                     START
 * RUNNING  reports  its process died, or it waits for a stream      RESTART; UNPLACE if the host takes no machines
 * RUNNING  reports  its guest powered off                           STOPPED_BY_GUEST
 * RUNNING  reports  stands still with its memory whole              TAKE_BACK
 * RUNNING  reports  runs, waits for its disks, or is not known      NOTHING
 * STOPPED  none     -                                               NOTHING
 * STOPPED  lost     -                                               UNPLACE
 * STOPPED  silent   -                                               NOTHING
 * STOPPED  reports  absent                                          UNPLACE
 * STOPPED  reports  anything else                                   STOP
 * </pre>
 */
final class VmCare {
  private VmCare() {}

  /** What to do. */
  enum Deed {
    NOTHING,
    /** Order a start under the placement as it is. */
    START,
    /** Place it on the same host anew, with a higher epoch, then order a start. */
    RESTART,
    /** Order that it goes on, with its disks, whatever move it was a part of. */
    TAKE_BACK,
    /** Take its place away, with a higher epoch. */
    UNPLACE,
    /** Order a stop, then take its place away. */
    STOP,
    /** Note that it shall be stopped, because its guest wanted it so. */
    STOPPED_BY_GUEST
  }

  /** How a host looks from here. */
  enum Sight {
    REPORTS,
    SILENT,
    LOST
  }

  static Deed decide(VmPlacement placement, Sight sight, boolean hostTakesVms, CopyView copy) {
    if (placement.host().isEmpty()) {
      return Deed.NOTHING;
    }
    return switch (sight) {
      case SILENT -> Deed.NOTHING;
      case LOST -> Deed.UNPLACE;
      case REPORTS ->
          placement.desired() == DesiredState.STOPPED
              ? (copy.state() == CopyState.ABSENT ? Deed.UNPLACE : Deed.STOP)
              : keepRunning(placement, hostTakesVms, copy);
    };
  }

  private static Deed keepRunning(VmPlacement placement, boolean hostTakesVms, CopyView copy) {
    boolean wrong = copy.placementEpoch() != placement.placementEpoch();
    if (copy.state() == CopyState.ABSENT || wrong) {
      return hostTakesVms ? Deed.START : Deed.UNPLACE;
    }
    return switch (copy.state()) {
      case RUNNING, IO_ERROR, ABSENT, UNKNOWN -> Deed.NOTHING;
      // Its host was taken for dead in the middle of a move, and was not.
      case PAUSED, POST_MIGRATE -> Deed.TAKE_BACK;
      case POWERED_OFF -> Deed.STOPPED_BY_GUEST;
      case EXITED, INCOMING -> hostTakesVms ? Deed.RESTART : Deed.UNPLACE;
    };
  }
}
