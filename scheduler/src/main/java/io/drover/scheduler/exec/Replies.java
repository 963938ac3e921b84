package io.drover.scheduler.exec;

import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.Reason;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/** How operators' commands are answered. */
final class Replies {
  private final Operations operations;
  private final long epoch;
  private int numbered;

  Replies(Operations operations, long epoch) {
    this.operations = operations;
    this.epoch = epoch;
  }

  /** Refuses a command, with nothing changed. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    Refusal(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    SchedulerView answer() {
      return new SchedulerView.Refused(reason, String.valueOf(getMessage()));
    }
  }

  /**
   * Takes the outcome of recording a command: accepted, with an operation that {@code look} tells
   * about, or refused.
   *
   * @param next done after it was accepted
   */
  Consumer<Optional<Exception>> answer(
      ActorRef<SchedulerView> replyTo,
      String kind,
      String subject,
      String message,
      Supplier<Operations.Progress> look,
      Runnable next) {
    String id = nextId();
    return failure -> {
      if (failure.isPresent()) {
        refused(replyTo, failure.get());
      } else {
        operations.begin(id, kind, subject, look);
        accepted(replyTo, id, message);
        next.run();
      }
    };
  }

  /** Accepts a command that is done already. */
  void done(ActorRef<SchedulerView> replyTo, String kind, String subject, String text) {
    String id = nextId();
    operations.begin(id, kind, subject, () -> Operations.Progress.succeeded("done", text));
    accepted(replyTo, id, text);
  }

  String nextId() {
    numbered++;
    return "o" + epoch + "-" + numbered;
  }

  static void accepted(ActorRef<SchedulerView> replyTo, String id, String message) {
    replyTo.tell(new SchedulerView.Accepted(id, message));
  }

  static void refused(ActorRef<SchedulerView> replyTo, Exception failure) {
    Reason reason =
        failure instanceof IntentException.Unavailable ? Reason.UNAVAILABLE : Reason.CONFLICT;
    replyTo.tell(new SchedulerView.Refused(reason, String.valueOf(failure.getMessage())));
  }
}
