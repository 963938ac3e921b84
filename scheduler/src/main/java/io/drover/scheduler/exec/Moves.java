package io.drover.scheduler.exec;

import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.StepReply;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.hostagent.vm.VmCatalogException;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.intent.MoveIntent;
import io.drover.scheduler.migrate.Migration;
import io.drover.scheduler.migrate.MigrationEffect;
import io.drover.scheduler.migrate.MigrationEvent;
import io.drover.scheduler.migrate.MigrationMachine;
import io.drover.scheduler.migrate.MigrationStage;
import io.drover.scheduler.migrate.MigrationTransition;
import io.drover.scheduler.migrate.Side;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Carries migrations out: feeds {@link MigrationMachine} and performs what it asks for.
 *
 * <p>Of one migration only one record is written at a time, so that a slow write cannot land on a
 * newer one; what changed meanwhile is written next.
 */
final class Moves {
  /**
   * An undo does not wait long for a destination that does not answer: the source stands still
   * meanwhile, and the destination drops its copy by itself.
   */
  private static final Duration DROP_LIMIT = Duration.ofSeconds(10);

  /** What an agent refuses it has not tried; mostly ZooKeeper did not answer it in time. */
  private static final int ASKED_AGAIN = 2;

  private final Shell shell;
  private final IntentStore intents;
  private final VmCatalog catalog;
  private final ExecutionSettings limits;
  private final long epoch;
  private final Listener listener;
  private final Map<String, Move> byVm = new TreeMap<>();

  /** Who is told how migrations go. */
  interface Listener {
    void changed(Move move);

    /** A machine is placed anew by a commit. */
    void placed(VmRecord vm);

    void ended(Move move);

    /** A record could not be written or read; it is tried again. */
    void trouble(String what, Exception cause);
  }

  Moves(
      Shell shell,
      IntentStore intents,
      VmCatalog catalog,
      ExecutionSettings limits,
      long epoch,
      Listener listener) {
    this.shell = shell;
    this.intents = intents;
    this.catalog = catalog;
    this.limits = limits;
    this.epoch = epoch;
    this.listener = listener;
  }

  List<Move> open() {
    return List.copyOf(byVm.values());
  }

  Optional<Move> of(String vm) {
    return Optional.ofNullable(byVm.get(vm));
  }

  /** Records a migration and begins it; it counts as open from this call on. */
  void begin(MoveIntent intent, Runnable begun, Consumer<Exception> refused) {
    Move move = new Move(intent, shell.now());
    byVm.put(move.vm(), move);
    // Until the first record stands, what becomes of it is not written: it may be refused.
    move.writing = true;
    record(
        intent,
        () -> started(move, begun),
        failure -> {
          byVm.remove(move.vm());
          refused.accept(failure);
        });
  }

  private void record(MoveIntent intent, Runnable done, Consumer<Exception> refused) {
    write(
        "begin migration " + intent.id(),
        () -> intents.begin(intent),
        done,
        failure -> {
          if (failure instanceof IntentException.Unavailable) {
            // Whether it is recorded is not known; the same call finds out.
            shell.after(limits.retryDelay(), () -> record(intent, done, refused));
          } else {
            refused.accept(failure);
          }
        });
  }

  private void started(Move move, Runnable begun) {
    begun.run();
    move.writing = false;
    if (move.writeAgain) {
      move.writeAgain = false;
      save(move);
    } else {
      apply(move, MigrationMachine.begin(move.migration()));
    }
  }

  /** Goes on with what an earlier scheduler left open. */
  void recover(List<MoveIntent> open) {
    for (MoveIntent intent : open) {
      Move move = new Move(intent, shell.now());
      byVm.put(move.vm(), move);
      feed(move, new MigrationEvent.Recovered());
    }
  }

  /** Gives a migration up if that is still possible. */
  void cancel(String vm, String reason) {
    of(vm).ifPresent(move -> feed(move, new MigrationEvent.Cancel(reason)));
  }

  /** A host is taken for dead. */
  void hostLost(String host) {
    for (Move move : open()) {
      for (Side side : Side.values()) {
        if (move.migration().host(side).equals(host) && !move.migration().lost(side)) {
          feed(move, new MigrationEvent.HostLost(side));
        }
      }
    }
  }

  private void feed(Move move, MigrationEvent event) {
    move.note(event, shell.now());
    apply(move, MigrationMachine.next(move.migration(), event));
  }

  private void apply(Move move, MigrationTransition transition) {
    boolean changed = transition.migration().stage() != move.migration().stage();
    move.become(transition.migration());
    if (changed) {
      listener.changed(move);
    }
    for (MigrationEffect effect : transition.effects()) {
      perform(move, effect);
    }
  }

  private void perform(Move move, MigrationEffect effect) {
    switch (effect) {
      case MigrationEffect.Save ignored -> save(move);
      case MigrationEffect.Perform perform -> order(move, perform, 0);
      case MigrationEffect.Commit ignored -> commit(move);
      case MigrationEffect.RetryLater later ->
          shell.after(
              limits.retryDelay(), () -> feed(move, new MigrationEvent.RetryDue(later.attempt())));
      case MigrationEffect.End ignored -> end(move);
    }
  }

  private void save(Move move) {
    if (move.writing) {
      move.writeAgain = true;
      return;
    }
    move.writing = true;
    MoveIntent written = move.intent();
    write(
        "record migration " + move.id(),
        () -> intents.record(written),
        () -> saved(move, written.stage()),
        failure ->
            shell.after(
                limits.retryDelay(),
                () -> {
                  move.writing = false;
                  move.writeAgain = false;
                  save(move);
                }));
  }

  private void saved(Move move, MigrationStage stage) {
    move.writing = false;
    if (move.writeAgain) {
      move.writeAgain = false;
      save(move);
    } else {
      feed(move, new MigrationEvent.Recorded(stage));
    }
  }

  private void order(Move move, MigrationEffect.Perform perform, int refused) {
    Migration m = move.migration();
    Order order = new Order(epoch, m.id(), perform.orderStep(), Optional.of(m.stage().name()));
    shell.order(
        m.host(perform.side()),
        order,
        m.vm(),
        perform.step(),
        limit(m.stage()),
        answer -> {
          boolean again =
              answer instanceof Shell.Answer.Replied(StepReply.Refused _)
                  && refused < ASKED_AGAIN
                  && move.migration().attempt() == perform.attempt();
          if (again) {
            shell.after(limits.retryDelay(), () -> orderAgain(move, perform, refused + 1));
          } else {
            feed(move, event(perform, answer));
          }
        });
  }

  /** Unless something else has happened to the migration meanwhile. */
  private void orderAgain(Move move, MigrationEffect.Perform perform, int refused) {
    if (move.migration().attempt() == perform.attempt() && move.migration().triesInStage() > 0) {
      order(move, perform, refused);
    }
  }

  private Duration limit(MigrationStage stage) {
    if (stage == MigrationStage.COPY) {
      return limits.copyTimeout();
    }
    boolean drop = stage == MigrationStage.UNDO_DESTINATION;
    return drop && DROP_LIMIT.compareTo(limits.stepTimeout()) < 0
        ? DROP_LIMIT
        : limits.stepTimeout();
  }

  private static MigrationEvent event(MigrationEffect.Perform asked, Shell.Answer answer) {
    return switch (answer) {
      case Shell.Answer.Silent silent ->
          new MigrationEvent.StepUnknown(asked.side(), asked.attempt(), silent.why());
      case Shell.Answer.Replied replied ->
          switch (replied.reply()) {
            case StepReply.Done done ->
                new MigrationEvent.StepDone(asked.side(), asked.attempt(), done.result());
            case StepReply.Failed failed ->
                new MigrationEvent.StepFailed(
                    asked.side(), asked.attempt(), failed.copy().state(), failed.reason());
            case StepReply.Refused refused ->
                new MigrationEvent.StepUnknown(asked.side(), asked.attempt(), refused.reason());
          };
    };
  }

  private sealed interface CommitOutcome {
    record Done(VmRecord placed) implements CommitOutcome {}

    record Refused(String why) implements CommitOutcome {}

    /** The record of the machine changed in a way that does not matter: once more. */
    record Again() implements CommitOutcome {}
  }

  private void commit(Move move) {
    MoveIntent committed = move.intent().with(move.migration().committed());
    shell.blocking(
        () -> tryCommit(committed),
        outcome -> {
          switch (outcome) {
            case CommitOutcome.Done done -> {
              listener.placed(done.placed());
              feed(move, new MigrationEvent.Committed());
            }
            case CommitOutcome.Refused refused ->
                feed(move, new MigrationEvent.CommitRefused(refused.why()));
            case CommitOutcome.Again ignored ->
                shell.after(limits.retryDelay(), () -> commit(move));
          }
        },
        failure -> {
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
          } else {
            // Only a look at the record tells whether it happened; the next try begins with that.
            listener.trouble("commit migration " + move.id(), failure);
            shell.after(limits.retryDelay(), () -> commit(move));
          }
        });
  }

  /** Blocking. */
  private CommitOutcome tryCommit(MoveIntent committed) throws VmCatalogException, IntentException {
    Migration m = committed.migration();
    VmRecord vm = catalog.get(m.vm());
    VmPlacement placement = vm.placement();
    if (placement.host().filter(m.to()::equals).isPresent()
        && placement.placementEpoch() == m.toEpoch()) {
      return new CommitOutcome.Done(vm);
    }
    if (placement.host().filter(m.from()::equals).isEmpty()
        || placement.placementEpoch() >= m.toEpoch()) {
      return new CommitOutcome.Refused("the machine was placed elsewhere meanwhile");
    }
    try {
      intents.commit(committed, placement);
      return new CommitOutcome.Done(catalog.get(m.vm()));
    } catch (IntentException.Conflict changed) {
      return new CommitOutcome.Again();
    }
  }

  private void end(Move move) {
    move.finish(shell.now());
    write(
        "end migration " + move.id(),
        () -> intents.end(move.intent(), move.info()),
        () -> {
          byVm.remove(move.vm());
          listener.ended(move);
        },
        failure -> shell.after(limits.retryDelay(), () -> end(move)));
  }

  private interface Write {
    void run() throws Exception;
  }

  private void write(String what, Write write, Runnable done, Consumer<Exception> failed) {
    shell.blocking(
        () -> {
          write.run();
          return what;
        },
        ignored -> done.run(),
        failure -> {
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
          } else {
            listener.trouble(what, failure);
            failed.accept(failure);
          }
        });
  }
}
