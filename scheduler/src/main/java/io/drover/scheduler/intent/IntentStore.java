package io.drover.scheduler.intent;

import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import java.util.List;
import java.util.Optional;

/**
 * Where intents are kept. Blocking; safe for use by many threads.
 *
 * <p>Writes of this store are idempotent: after {@link IntentException.Unavailable} the same call
 * is made again and finds out by itself whether it had happened.
 */
public interface IntentStore {

  /**
   * Takes over: raises the scheduler epoch, after which no change and no order of an earlier
   * scheduler is accepted.
   *
   * @return the epoch of this scheduler
   */
  long takeOver() throws IntentException;

  /** All open intents. */
  List<MoveIntent> open() throws IntentException;

  /** Records a new intent. */
  void begin(MoveIntent intent) throws IntentException;

  /** Records the stage an open intent has come to. */
  void record(MoveIntent intent) throws IntentException;

  /**
   * Gives the machine to the destination and records the intent as committed, both or neither.
   *
   * @param expected the placement that the migration began with
   * @throws IntentException.Conflict when the placement is another by now
   */
  void commit(MoveIntent committed, VmPlacement expected) throws IntentException;

  /**
   * Changes where a machine belongs, or what is wished of it, if nobody changed it since {@code
   * expected} was read and this is still the scheduler.
   *
   * @param newEpoch raise the placement epoch; a different host always does
   * @throws IntentException.Conflict when the placement is another by now
   */
  VmPlacement place(
      VmPlacement expected, Optional<String> host, DesiredState desired, boolean newEpoch)
      throws IntentException;

  /**
   * Returns if this still is the scheduler, as of a moment after the call began.
   *
   * @throws IntentException.Fenced when it is not
   */
  void confirm() throws IntentException;

  /** The mode an operator has set, if one did. */
  Optional<Mode> mode() throws IntentException;

  /** Keeps the mode that an operator sets. */
  void mode(Mode mode) throws IntentException;

  /** Forgets an intent that ended, and keeps what is to be remembered of it. */
  void end(MoveIntent intent, MoveInfo outcome) throws IntentException;

  /** Moves that ended, oldest first, as many as are kept. */
  List<MoveInfo> history() throws IntentException;
}
