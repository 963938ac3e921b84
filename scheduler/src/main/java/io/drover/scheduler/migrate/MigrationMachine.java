package io.drover.scheduler.migrate;

import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.CopyState;
import io.drover.scheduler.migrate.MigrationEvent.Cancel;
import io.drover.scheduler.migrate.MigrationEvent.CommitRefused;
import io.drover.scheduler.migrate.MigrationEvent.Committed;
import io.drover.scheduler.migrate.MigrationEvent.HostLost;
import io.drover.scheduler.migrate.MigrationEvent.Recorded;
import io.drover.scheduler.migrate.MigrationEvent.Recovered;
import io.drover.scheduler.migrate.MigrationEvent.RetryDue;
import io.drover.scheduler.migrate.MigrationEvent.StepDone;
import io.drover.scheduler.migrate.MigrationEvent.StepFailed;
import io.drover.scheduler.migrate.MigrationEvent.StepUnknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what happens next in a live migration; a pure function of the migration and an event.
 *
 * <p>Entering a stage asks for it to be recorded; once it is, its action is performed.
 * <em>failed</em> means that the host answered so, <em>unknown</em> that no answer came,
 * <em>lost</em> that the host on that side is taken for dead.
 *
 * <pre>
 * stage             action                         done              failed                 unknown           lost
 * PREPARE           destination: PrepareIncoming   COPY              UNDO_DESTINATION       UNDO_DESTINATION  UNDO_DESTINATION
 * COPY              source: PreCopy                RELEASE           UNDO_DESTINATION       UNDO_DESTINATION  UNDO_DESTINATION
 * RELEASE           source: ReleaseDisks           TAKE              UNDO_DESTINATION       UNDO_DESTINATION  UNDO_DESTINATION
 * TAKE              destination: TakeDisks         SWITCH            UNDO_DESTINATION       UNDO_DESTINATION  UNDO_DESTINATION
 * SWITCH            source: SwitchOver             look              DECIDE                 DECIDE            DECIDE
 *   look            destination: Inspect           whole: COMMIT;    DECIDE                 DECIDE            DECIDE
 *                                                  else DECIDE
 * DECIDE            both: Inspect                  (see below)       again                  again             (see below)
 * COMMIT            one compare-and-set            RESUME            UNDO_DESTINATION       (never told)      -
 * RESUME            destination: ResumeIncoming    END_SOURCE        again; copy dead:      again             END_SOURCE, dead
 *                                                                    END_SOURCE, dead
 * END_SOURCE        source: EndSource              MOVED or DEAD     again                  again             MOVED or DEAD
 * UNDO_DESTINATION  destination: DropIncoming      UNDO_SOURCE       UNDO_SOURCE            UNDO_SOURCE       UNDO_SOURCE
 * UNDO_SOURCE       source: TakeBack               UNDONE            again; copy dead: DEAD again             DEAD
 *
 * DECIDE   destination whole (PAUSED), source stopped for good (POST_MIGRATE), gone or lost   -> COMMIT
 *          destination whole or in part, source not settled yet (PAUSED)                      -> again, a few times, then UNDO_DESTINATION
 *          destination has a part only (INCOMING), source POST_MIGRATE                        -> again, a few times, then UNDO_DESTINATION
 *          either does not say how it is (UNKNOWN), source not seen to have gone on           -> again, a few times, then UNDO_DESTINATION
 *          anything else known                                                                -> UNDO_DESTINATION
 * Cancel   before SWITCH -> UNDO_DESTINATION; from there on too late, ignored
 * Recovered  PREPARE, COPY, RELEASE, TAKE -> UNDO_DESTINATION; SWITCH, DECIDE, COMMIT -> DECIDE; else the stage's action again
 * </pre>
 *
 * <p>The look before the commit is for the source's sake: it stands still with the whole memory,
 * and the commit is what gives it up. A destination that died meanwhile costs the memory only from
 * the commit on (docs/adr/0011).
 *
 * <p>Undoing is safe at any time before the commit, even when the whole stream has arrived: the
 * destination's copy stands still until it is told to run, and it never is once {@code
 * UNDO_DESTINATION} is recorded. That is also why a destination that does not answer does not hold
 * up the source: its agent drops a waiting copy whose intent is gone.
 */
public final class MigrationMachine {
  /** How often an undecided switch-over is asked about before it is undone. */
  private static final int DECIDE_TRIES = 5;

  private MigrationMachine() {}

  /**
   * What to do for a migration that was just created and recorded in {@link
   * MigrationStage#PREPARE}.
   */
  public static MigrationTransition begin(Migration m) {
    return act(m);
  }

  /** What an event makes of a migration. */
  public static MigrationTransition next(Migration m, MigrationEvent event) {
    if (m.stage().ended()) {
      return event instanceof Recorded || event instanceof Recovered
          ? MigrationTransition.of(m, new MigrationEffect.End())
          : MigrationTransition.of(m);
    }
    return switch (event) {
      case Recorded recorded ->
          recorded.stage() == m.stage() && m.triesInStage() == 0
              ? act(m)
              : MigrationTransition.of(m);
      case RetryDue due -> current(m, due.attempt()) ? act(m) : MigrationTransition.of(m);
      case StepDone done -> current(m, done.attempt()) ? done(m, done) : MigrationTransition.of(m);
      case StepFailed failed ->
          current(m, failed.attempt()) ? failed(m, failed) : MigrationTransition.of(m);
      case StepUnknown unknown ->
          current(m, unknown.attempt()) ? unknown(m, unknown) : MigrationTransition.of(m);
      case Committed ignored ->
          m.stage() == MigrationStage.COMMIT ? act(m.committed()) : MigrationTransition.of(m);
      case CommitRefused refused ->
          m.stage() == MigrationStage.COMMIT
              ? undo(m.withTrouble(refused.reason()))
              : MigrationTransition.of(m);
      case HostLost lost -> lost(m.withLost(lost.side()), lost.side());
      case Cancel cancel -> cancel(m, cancel);
      case Recovered ignored -> recovered(m);
    };
  }

  /** An answer to an earlier action says nothing about this one. */
  private static boolean current(Migration m, int attempt) {
    return m.attempt() == attempt && m.triesInStage() > 0;
  }

  private static MigrationTransition enter(Migration m, MigrationStage stage) {
    return MigrationTransition.of(m.at(stage), new MigrationEffect.Save());
  }

  private static MigrationTransition undo(Migration m) {
    return enter(m, MigrationStage.UNDO_DESTINATION);
  }

  private static MigrationTransition later(Migration m) {
    return MigrationTransition.of(m, new MigrationEffect.RetryLater(m.attempt()));
  }

  /** Performs the action of the stage, or passes over a host that is taken for dead. */
  private static MigrationTransition act(Migration before) {
    Migration m = before.tried();
    return switch (m.stage()) {
      case PREPARE -> perform(m, Side.DESTINATION, new AgentStep.PrepareIncoming(m.toEpoch()));
      case COPY -> perform(m, Side.SOURCE, new AgentStep.PreCopy(m.uri()));
      case RELEASE -> perform(m, Side.SOURCE, new AgentStep.ReleaseDisks());
      case TAKE -> perform(m, Side.DESTINATION, new AgentStep.TakeDisks());
      case SWITCH -> perform(m, Side.SOURCE, new AgentStep.SwitchOver());
      case DECIDE -> inspectBoth(m.forgetSeen());
      case COMMIT -> MigrationTransition.of(m, new MigrationEffect.Commit());
      case RESUME -> perform(m, Side.DESTINATION, new AgentStep.ResumeIncoming());
      case END_SOURCE -> perform(m, Side.SOURCE, new AgentStep.EndSource());
      case UNDO_DESTINATION -> perform(m, Side.DESTINATION, new AgentStep.DropIncoming());
      case UNDO_SOURCE -> perform(m, Side.SOURCE, new AgentStep.TakeBack());
      case MOVED, UNDONE, DEAD -> MigrationTransition.of(before, new MigrationEffect.End());
    };
  }

  private static MigrationTransition perform(Migration m, Side side, AgentStep step) {
    return m.lost(side) ? lost(m, side) : MigrationTransition.of(m, order(m, side, step));
  }

  private static MigrationEffect order(Migration m, Side side, AgentStep step) {
    String name = m.stage().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    return new MigrationEffect.Perform(side, m.attempt(), step, name + "-" + m.attempt());
  }

  private static MigrationTransition inspectBoth(Migration m) {
    List<MigrationEffect> orders = new ArrayList<>();
    Migration asked = m;
    for (Side side : Side.values()) {
      if (m.lost(side)) {
        // A host taken for dead runs nothing: what it had is gone.
        asked = asked.withSeen(side, CopyState.ABSENT);
      } else {
        orders.add(order(m, side, new AgentStep.Inspect()));
      }
    }
    return orders.isEmpty() ? decide(asked) : new MigrationTransition(asked, orders);
  }

  private static MigrationTransition done(Migration m, StepDone done) {
    return switch (m.stage()) {
      case PREPARE ->
          enter(m.withUri(done.result().migrationUri().orElse("")), MigrationStage.COPY);
      case COPY -> enter(m, MigrationStage.RELEASE);
      case RELEASE -> enter(m, MigrationStage.TAKE);
      case TAKE -> enter(m, MigrationStage.SWITCH);
      case SWITCH -> switched(m, done);
      case DECIDE -> decide(m.withSeen(done.side(), done.result().copy().state()));
      case COMMIT, MOVED, UNDONE, DEAD -> MigrationTransition.of(m);
      case RESUME -> enter(m, MigrationStage.END_SOURCE);
      case END_SOURCE -> enter(m, m.destinationDead() ? MigrationStage.DEAD : MigrationStage.MOVED);
      case UNDO_DESTINATION -> enter(m, MigrationStage.UNDO_SOURCE);
      case UNDO_SOURCE -> enter(m, MigrationStage.UNDONE);
    };
  }

  private static MigrationTransition switched(Migration m, StepDone done) {
    return switch (done.side()) {
      case SOURCE ->
          perform(
              m.withStats(done.result().stats()).tried(),
              Side.DESTINATION,
              new AgentStep.Inspect());
      case DESTINATION ->
          enter(
              m,
              done.result().copy().state() == CopyState.PAUSED
                  ? MigrationStage.COMMIT
                  : MigrationStage.DECIDE);
    };
  }

  private static MigrationTransition failed(Migration before, StepFailed failed) {
    Migration m = before.withTrouble(failed.reason());
    boolean dead =
        failed.copy() == CopyState.ABSENT
            || failed.copy() == CopyState.EXITED
            || failed.copy() == CopyState.POWERED_OFF;
    return switch (m.stage()) {
      case PREPARE, COPY, RELEASE, TAKE -> undo(m);
      case SWITCH -> enter(m, MigrationStage.DECIDE);
      case DECIDE -> decide(m.withSeen(failed.side(), failed.copy()));
      case RESUME -> dead ? enter(m.withDestinationDead(), MigrationStage.END_SOURCE) : later(m);
      case END_SOURCE -> later(m);
      case UNDO_DESTINATION -> enter(m, MigrationStage.UNDO_SOURCE);
      case UNDO_SOURCE -> dead ? enter(m, MigrationStage.DEAD) : later(m);
      case COMMIT, MOVED, UNDONE, DEAD -> MigrationTransition.of(m);
    };
  }

  private static MigrationTransition unknown(Migration before, StepUnknown unknown) {
    Migration m = before.withTrouble(unknown.reason());
    return switch (m.stage()) {
      case PREPARE, COPY, RELEASE, TAKE -> undo(m);
      case SWITCH -> enter(m, MigrationStage.DECIDE);
      case DECIDE, RESUME, END_SOURCE, UNDO_SOURCE -> later(m);
      case UNDO_DESTINATION -> enter(m, MigrationStage.UNDO_SOURCE);
      case COMMIT, MOVED, UNDONE, DEAD -> MigrationTransition.of(m);
    };
  }

  private static MigrationTransition lost(Migration before, Side side) {
    Migration m = before.withTrouble("host " + before.host(side) + " is lost");
    return switch (m.stage()) {
      case PREPARE, COPY, RELEASE, TAKE -> undo(m);
      case SWITCH -> enter(m, MigrationStage.DECIDE);
      case DECIDE ->
          m.triesInStage() == 0
              ? MigrationTransition.of(m)
              : decide(m.withSeen(side, CopyState.ABSENT));
      case COMMIT -> MigrationTransition.of(m);
      case RESUME ->
          side == Side.DESTINATION
              ? enter(m.withDestinationDead(), MigrationStage.END_SOURCE)
              : MigrationTransition.of(m);
      case END_SOURCE -> endSourceWithoutHost(m, side);
      case UNDO_DESTINATION ->
          side == Side.DESTINATION
              ? enter(m, MigrationStage.UNDO_SOURCE)
              : MigrationTransition.of(m);
      case UNDO_SOURCE ->
          side == Side.SOURCE ? enter(m, MigrationStage.DEAD) : MigrationTransition.of(m);
      case MOVED, UNDONE, DEAD -> MigrationTransition.of(m);
    };
  }

  /**
   * The agent of a host that comes back kills its copy by itself, because the placement names
   * another host.
   */
  private static MigrationTransition endSourceWithoutHost(Migration m, Side side) {
    if (side == Side.DESTINATION) {
      return MigrationTransition.of(m.withDestinationDead());
    }
    return enter(m, m.destinationDead() ? MigrationStage.DEAD : MigrationStage.MOVED);
  }

  private static MigrationTransition decide(Migration m) {
    Optional<CopyState> source = m.sourceSeen();
    Optional<CopyState> destination = m.destinationSeen();
    if (source.isEmpty() || destination.isEmpty()) {
      return MigrationTransition.of(m);
    }
    return switch (destination.get()) {
      case PAUSED ->
          switch (source.get()) {
            case POST_MIGRATE, EXITED, POWERED_OFF, ABSENT -> enter(m, MigrationStage.COMMIT);
            case PAUSED, UNKNOWN -> askAgain(m);
            case RUNNING, IO_ERROR, INCOMING -> undo(m);
          };
      case INCOMING ->
          switch (source.get()) {
            case POST_MIGRATE, PAUSED, UNKNOWN -> askAgain(m);
            case RUNNING, IO_ERROR, INCOMING, EXITED, POWERED_OFF, ABSENT -> undo(m);
          };
      case UNKNOWN ->
          switch (source.get()) {
            case POST_MIGRATE, PAUSED, EXITED, POWERED_OFF, ABSENT, UNKNOWN -> askAgain(m);
            case RUNNING, IO_ERROR, INCOMING -> undo(m);
          };
      case RUNNING, IO_ERROR, POST_MIGRATE, EXITED, POWERED_OFF, ABSENT -> undo(m);
    };
  }

  private static MigrationTransition askAgain(Migration m) {
    return m.triesInStage() < DECIDE_TRIES ? later(m) : undo(m);
  }

  private static MigrationTransition cancel(Migration m, Cancel cancel) {
    return switch (m.stage()) {
      case PREPARE, COPY, RELEASE, TAKE -> undo(m.withTrouble(cancel.reason()));
      case SWITCH,
          DECIDE,
          COMMIT,
          RESUME,
          END_SOURCE,
          UNDO_DESTINATION,
          UNDO_SOURCE,
          MOVED,
          UNDONE,
          DEAD ->
          MigrationTransition.of(m);
    };
  }

  private static MigrationTransition recovered(Migration before) {
    Migration m =
        before.withTrouble(before.stage().committed() ? "" : "the scheduler was replaced");
    return switch (m.stage()) {
      case PREPARE, COPY, RELEASE, TAKE -> undo(m);
      case SWITCH, COMMIT -> enter(m, MigrationStage.DECIDE);
      case DECIDE, RESUME, END_SOURCE, UNDO_DESTINATION, UNDO_SOURCE, MOVED, UNDONE, DEAD -> act(m);
    };
  }
}
