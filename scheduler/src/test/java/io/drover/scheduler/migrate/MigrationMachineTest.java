package io.drover.scheduler.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.CopyState;
import io.drover.hostagent.agent.CopyView;
import io.drover.hostagent.agent.StepResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The table in the Javadoc of {@link MigrationMachine}, row by row. */
class MigrationMachineTest {

  /** A migration that is recorded in a stage and whose action was asked for once. */
  private static MigrationTransition acting(MigrationStage stage) {
    return acting(Migration.planned("m1", "vm", "h1", "h2", 7).at(stage));
  }

  private static MigrationTransition acting(Migration at) {
    return MigrationMachine.next(at, new MigrationEvent.Recorded(at.stage()));
  }

  private static CopyView copy(CopyState state) {
    return new CopyView(state, 7, List.of());
  }

  private static MigrationEvent done(Migration m, Side side, CopyState state) {
    return new MigrationEvent.StepDone(
        side, m.attempt(), new StepResult(copy(state), Optional.of("tcp:x"), Optional.empty()));
  }

  private static MigrationEvent failed(Migration m, Side side, CopyState state) {
    return new MigrationEvent.StepFailed(side, m.attempt(), state, "no");
  }

  private static MigrationEvent unknown(Migration m, Side side) {
    return new MigrationEvent.StepUnknown(side, m.attempt(), "no answer");
  }

  private static MigrationEffect.Perform only(MigrationTransition transition) {
    assertThat(transition.effects()).hasSize(1).first().isInstanceOf(MigrationEffect.Perform.class);
    return (MigrationEffect.Perform) transition.effects().getFirst();
  }

  /** Where an event leads, in the words of the table. */
  private static String leadsTo(Migration before, MigrationEvent event) {
    MigrationTransition after = MigrationMachine.next(before, event);
    if (after.effects().stream().anyMatch(MigrationEffect.RetryLater.class::isInstance)) {
      assertThat(after.migration().stage()).isEqualTo(before.stage());
      return "AGAIN";
    }
    if (after.migration().stage() == before.stage()) {
      return after.effects().isEmpty() ? "-" : "LOOK";
    }
    // A new stage is recorded before anything is done in it.
    assertThat(after.effects()).containsExactly(new MigrationEffect.Save());
    return after.migration().stage().name();
  }

  @ParameterizedTest
  @CsvSource({
    // stage, side, step, done, failed, failed with a dead copy, unknown
    "PREPARE, DESTINATION, PrepareIncoming, COPY, UNDO_DESTINATION, UNDO_DESTINATION, UNDO_DESTINATION",
    "COPY, SOURCE, PreCopy, RELEASE, UNDO_DESTINATION, UNDO_DESTINATION, UNDO_DESTINATION",
    "RELEASE, SOURCE, ReleaseDisks, TAKE, UNDO_DESTINATION, UNDO_DESTINATION, UNDO_DESTINATION",
    "TAKE, DESTINATION, TakeDisks, SWITCH, UNDO_DESTINATION, UNDO_DESTINATION, UNDO_DESTINATION",
    "SWITCH, SOURCE, SwitchOver, LOOK, DECIDE, DECIDE, DECIDE",
    "RESUME, DESTINATION, ResumeIncoming, END_SOURCE, AGAIN, END_SOURCE, AGAIN",
    "END_SOURCE, SOURCE, EndSource, MOVED, AGAIN, AGAIN, AGAIN",
    "UNDO_DESTINATION, DESTINATION, DropIncoming, UNDO_SOURCE, UNDO_SOURCE, UNDO_SOURCE, UNDO_SOURCE",
    "UNDO_SOURCE, SOURCE, TakeBack, UNDONE, AGAIN, DEAD, AGAIN",
  })
  void answersOfHosts(
      MigrationStage stage,
      Side side,
      String step,
      String whenDone,
      String whenFailed,
      String whenDead,
      String whenUnknown) {
    MigrationTransition asked = acting(stage);
    Migration m = asked.migration();
    assertThat(only(asked).side()).isEqualTo(side);
    assertThat(only(asked).step().getClass().getSimpleName()).isEqualTo(step);
    assertThat(leadsTo(m, done(m, side, CopyState.PAUSED))).isEqualTo(whenDone);
    assertThat(leadsTo(m, failed(m, side, CopyState.PAUSED))).isEqualTo(whenFailed);
    // Nothing is known of a copy that does not answer, least of all that it is dead.
    assertThat(leadsTo(m, failed(m, side, CopyState.UNKNOWN))).isEqualTo(whenFailed);
    for (CopyState dead : List.of(CopyState.ABSENT, CopyState.EXITED, CopyState.POWERED_OFF)) {
      assertThat(leadsTo(m, failed(m, side, dead))).isEqualTo(whenDead);
    }
    assertThat(leadsTo(m, unknown(m, side))).isEqualTo(whenUnknown);
  }

  @ParameterizedTest
  @CsvSource({
    // stage, source lost, destination lost
    "PREPARE, UNDO_DESTINATION, UNDO_DESTINATION",
    "COPY, UNDO_DESTINATION, UNDO_DESTINATION",
    "RELEASE, UNDO_DESTINATION, UNDO_DESTINATION",
    "TAKE, UNDO_DESTINATION, UNDO_DESTINATION",
    "SWITCH, DECIDE, DECIDE",
    "COMMIT, -, -",
    "RESUME, -, END_SOURCE",
    "END_SOURCE, MOVED, -",
    "UNDO_DESTINATION, -, UNDO_SOURCE",
    "UNDO_SOURCE, DEAD, -",
    "MOVED, -, -",
    "UNDONE, -, -",
    "DEAD, -, -",
  })
  void lostHosts(MigrationStage stage, String sourceLost, String destinationLost) {
    Migration m = acting(stage).migration();
    assertThat(leadsTo(m, new MigrationEvent.HostLost(Side.SOURCE))).isEqualTo(sourceLost);
    assertThat(leadsTo(m, new MigrationEvent.HostLost(Side.DESTINATION)))
        .isEqualTo(destinationLost);
  }

  @ParameterizedTest
  @EnumSource(CopyState.class)
  void onlyACopyThatIsSeenWholeIsCommitted(CopyState destination) {
    MigrationTransition switched = acting(MigrationStage.SWITCH);
    Migration m = switched.migration();
    MigrationTransition looking =
        MigrationMachine.next(m, done(m, Side.SOURCE, CopyState.POST_MIGRATE));
    assertThat(only(looking).side()).isEqualTo(Side.DESTINATION);
    assertThat(only(looking).step()).isEqualTo(new AgentStep.Inspect());
    assertThat(only(looking).orderStep()).isNotEqualTo(only(switched).orderStep());

    Migration look = looking.migration();
    assertThat(leadsTo(look, done(look, Side.DESTINATION, destination)))
        .isEqualTo(destination == CopyState.PAUSED ? "COMMIT" : "DECIDE");
    assertThat(leadsTo(look, failed(look, Side.DESTINATION, destination))).isEqualTo("DECIDE");
    assertThat(leadsTo(look, unknown(look, Side.DESTINATION))).isEqualTo("DECIDE");
    assertThat(leadsTo(look, new MigrationEvent.HostLost(Side.DESTINATION))).isEqualTo("DECIDE");
    // A late answer of the source says nothing new.
    assertThat(leadsTo(look, done(m, Side.SOURCE, CopyState.POST_MIGRATE))).isEqualTo("-");
  }

  @Test
  void destinationTakenForDeadIsNotLookedAt() {
    Migration m = acting(MigrationStage.SWITCH).migration().withLost(Side.DESTINATION);
    assertThat(leadsTo(m, done(m, Side.SOURCE, CopyState.POST_MIGRATE))).isEqualTo("DECIDE");
  }

  private static String decided(CopyState destination, CopyState source) {
    if (destination == CopyState.PAUSED) {
      return switch (source) {
        case POST_MIGRATE, EXITED, POWERED_OFF, ABSENT -> "COMMIT";
        case PAUSED, UNKNOWN -> "AGAIN";
        case RUNNING, IO_ERROR, INCOMING -> "UNDO_DESTINATION";
      };
    }
    if (destination == CopyState.INCOMING) {
      return switch (source) {
        case POST_MIGRATE, PAUSED, UNKNOWN -> "AGAIN";
        case RUNNING, IO_ERROR, INCOMING, EXITED, POWERED_OFF, ABSENT -> "UNDO_DESTINATION";
      };
    }
    if (destination == CopyState.UNKNOWN) {
      return switch (source) {
        case POST_MIGRATE, PAUSED, EXITED, POWERED_OFF, ABSENT, UNKNOWN -> "AGAIN";
        case RUNNING, IO_ERROR, INCOMING -> "UNDO_DESTINATION";
      };
    }
    return "UNDO_DESTINATION";
  }

  @Test
  void decisionsRestOnBothSides() {
    for (CopyState destination : CopyState.values()) {
      for (CopyState source : CopyState.values()) {
        Migration m = acting(MigrationStage.DECIDE).migration();
        MigrationTransition half = MigrationMachine.next(m, done(m, Side.SOURCE, source));
        assertThat(half.effects()).isEmpty();
        assertThat(leadsTo(half.migration(), done(m, Side.DESTINATION, destination)))
            .as("destination " + destination + ", source " + source)
            .isEqualTo(decided(destination, source));
      }
    }
  }

  @Test
  void undecidedSwitchOverIsUndoneAfterAFewTries() {
    MigrationTransition now = acting(MigrationStage.DECIDE);
    int tries = 0;
    while (now.migration().stage() == MigrationStage.DECIDE) {
      tries++;
      Migration m = now.migration();
      Migration half =
          MigrationMachine.next(m, done(m, Side.SOURCE, CopyState.UNKNOWN)).migration();
      now = MigrationMachine.next(half, done(m, Side.DESTINATION, CopyState.PAUSED));
      if (now.migration().stage() == MigrationStage.DECIDE) {
        now =
            MigrationMachine.next(
                now.migration(), new MigrationEvent.RetryDue(now.migration().attempt()));
      }
    }
    assertThat(tries).isEqualTo(5);
    assertThat(now.migration().stage()).isEqualTo(MigrationStage.UNDO_DESTINATION);
  }

  @Test
  void hostsTakenForDeadCountAsEmptyInADecision() {
    Migration m =
        Migration.planned("m1", "vm", "h1", "h2", 7)
            .withLost(Side.SOURCE)
            .at(MigrationStage.DECIDE);
    MigrationTransition asked = acting(m);
    assertThat(only(asked).side()).isEqualTo(Side.DESTINATION);
    Migration one = asked.migration();
    assertThat(leadsTo(one, done(one, Side.DESTINATION, CopyState.PAUSED))).isEqualTo("COMMIT");

    MigrationTransition both = acting(m.withLost(Side.DESTINATION));
    assertThat(both.migration().stage()).isEqualTo(MigrationStage.UNDO_DESTINATION);
  }

  @Test
  void theCommitIsOneEffectAndItsOutcomeIsFinal() {
    MigrationTransition asked = acting(MigrationStage.COMMIT);
    Migration m = asked.migration();
    assertThat(asked.effects()).containsExactly(new MigrationEffect.Commit());
    assertThat(leadsTo(m, new MigrationEvent.CommitRefused("changed")))
        .isEqualTo("UNDO_DESTINATION");
    // What the commit recorded need not be recorded again.
    MigrationTransition committed = MigrationMachine.next(m, new MigrationEvent.Committed());
    assertThat(committed.migration().stage()).isEqualTo(MigrationStage.RESUME);
    assertThat(only(committed).step()).isEqualTo(new AgentStep.ResumeIncoming());
  }

  @Test
  void afterTheCommitADeadDestinationLeavesNoCopy() {
    Migration m = acting(MigrationStage.RESUME).migration();
    MigrationTransition dead =
        MigrationMachine.next(m, failed(m, Side.DESTINATION, CopyState.EXITED));
    assertThat(dead.migration().destinationDead()).isTrue();
    Migration ending = acting(dead.migration()).migration();
    assertThat(leadsTo(ending, done(ending, Side.SOURCE, CopyState.ABSENT))).isEqualTo("DEAD");
  }

  @ParameterizedTest
  @EnumSource(MigrationStage.class)
  void cancelledOnlyBeforeTheSwitchOver(MigrationStage stage) {
    boolean early =
        Stream.of(
                MigrationStage.PREPARE,
                MigrationStage.COPY,
                MigrationStage.RELEASE,
                MigrationStage.TAKE)
            .anyMatch(stage::equals);
    assertThat(leadsTo(acting(stage).migration(), new MigrationEvent.Cancel("unwanted")))
        .isEqualTo(early ? "UNDO_DESTINATION" : "-");
  }

  @ParameterizedTest
  @CsvSource({
    "PREPARE, UNDO_DESTINATION",
    "COPY, UNDO_DESTINATION",
    "RELEASE, UNDO_DESTINATION",
    "TAKE, UNDO_DESTINATION",
    "SWITCH, DECIDE",
    "COMMIT, DECIDE",
  })
  void nextSchedulerUndoesOrDecides(MigrationStage stage, String next) {
    Migration read = Migration.planned("m1", "vm", "h1", "h2", 7).at(stage);
    assertThat(leadsTo(read, new MigrationEvent.Recovered())).isEqualTo(next);
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationStage.class,
      names = {"DECIDE", "RESUME", "END_SOURCE", "UNDO_DESTINATION", "UNDO_SOURCE"})
  void nextSchedulerGoesOn(MigrationStage stage) {
    Migration read = Migration.planned("m1", "vm", "h1", "h2", 7).at(stage);
    MigrationTransition recovered = MigrationMachine.next(read, new MigrationEvent.Recovered());
    assertThat(recovered.migration().stage()).isEqualTo(stage);
    assertThat(recovered.effects())
        .isNotEmpty()
        .allMatch(MigrationEffect.Perform.class::isInstance);
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationStage.class,
      names = {"MOVED", "UNDONE", "DEAD"})
  void whatEndedIsForgotten(MigrationStage stage) {
    Migration ended = Migration.planned("m1", "vm", "h1", "h2", 7).at(stage);
    assertThat(acting(ended).effects()).containsExactly(new MigrationEffect.End());
    assertThat(MigrationMachine.next(ended, new MigrationEvent.Recovered()).effects())
        .containsExactly(new MigrationEffect.End());
    assertThat(leadsTo(ended, done(ended, Side.SOURCE, CopyState.RUNNING))).isEqualTo("-");
  }

  @ParameterizedTest
  @EnumSource(
      value = MigrationStage.class,
      mode = Mode.EXCLUDE,
      names = {"COMMIT", "MOVED", "UNDONE", "DEAD"})
  void answerToAnEarlierActionSaysNothing(MigrationStage stage) {
    Migration m = acting(stage).migration();
    for (Side side : Side.values()) {
      MigrationEvent late =
          new MigrationEvent.StepFailed(side, m.attempt() - 1, CopyState.EXITED, "late");
      assertThat(MigrationMachine.next(m, late)).isEqualTo(MigrationTransition.of(m));
    }
  }
}
