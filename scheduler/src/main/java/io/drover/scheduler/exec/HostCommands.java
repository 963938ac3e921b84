package io.drover.scheduler.exec;

import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.scheduler.exec.Replies.Refusal;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerView;
import io.drover.scheduler.view.SchedulerView.Reason;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/** What operators may ask for about one host. */
final class HostCommands {
  private final ClusterBook book;
  private final Moves moves;
  private final HostKeeper hostKeeper;
  private final Planning planning;
  private final Replies replies;

  HostCommands(
      ClusterBook book, Moves moves, HostKeeper hostKeeper, Planning planning, Replies replies) {
    this.book = book;
    this.moves = moves;
    this.hostKeeper = hostKeeper;
    this.planning = planning;
    this.replies = replies;
  }

  void drain(SchedulerCommand.DrainHost c) throws Refusal {
    HostRecord host = host(c.host());
    String name = host.host();
    if (host.power() == HostPower.STANDBY || host.power() == HostPower.WAKING) {
      throw new Refusal(Reason.CONFLICT, "host " + name + " is " + host.power());
    }
    hostKeeper.drain(
        host,
        replies.answer(
            c.replyTo(),
            "drain",
            name,
            name + " drains",
            () -> drainProgress(name),
            planning::plan));
  }

  private Operations.Progress drainProgress(String host) {
    if (book.powerOf(host) != HostPower.DRAINING) {
      return Operations.Progress.failed("ended", "host " + host + " is " + book.powerOf(host));
    }
    long leaving =
        moves.open().stream()
            .filter(move -> move.migration().from().equals(host))
            .filter(move -> move.migration().stage().committed())
            .count();
    long left = book.placedOn(host).size() + leaving;
    return left == 0
        ? Operations.Progress.succeeded("drained", "no machine is left")
        : Operations.Progress.going(left + " machines left");
  }

  void undrain(SchedulerCommand.UndrainHost c) throws Refusal {
    HostRecord host = host(c.host());
    if (host.power() != HostPower.DRAINING) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is not draining");
    }
    hostKeeper.wake(host, onOff(c.replyTo(), "undrain", host.host(), HostPower.ON));
  }

  void standby(SchedulerCommand.StandbyHost c) throws Refusal {
    HostRecord host = host(c.host());
    Optional<String> blocker =
        StateBuilder.sleepBlocker(host.traits(), hostKeeper.powerOf(host.host()));
    if (blocker.isPresent()) {
      throw new Refusal(
          Reason.CONFLICT, "host " + host.host() + " may not sleep: " + blocker.get());
    }
    if (host.power() == HostPower.WAKING) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is waking");
    }
    if (host.power() == HostPower.STANDBY) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is in standby already");
    }
    hostKeeper.beginStandby(host, onOff(c.replyTo(), "standby", host.host(), HostPower.STANDBY));
  }

  void wake(SchedulerCommand.WakeHost c) throws Refusal {
    HostRecord host = host(c.host());
    if (host.power() == HostPower.ON) {
      throw new Refusal(Reason.CONFLICT, "host " + host.host() + " is on already");
    }
    hostKeeper.wake(host, onOff(c.replyTo(), "wake", host.host(), HostPower.ON));
  }

  private Consumer<Optional<Exception>> onOff(
      ActorRef<SchedulerView> replyTo, String kind, String host, HostPower wanted) {
    return replies.answer(
        replyTo,
        kind,
        host,
        kind + " of " + host + " begun",
        () -> powerProgress(host, wanted),
        planning::plan);
  }

  private Operations.Progress powerProgress(String host, HostPower wanted) {
    HostPower now = book.powerOf(host);
    if (now == wanted) {
      return Operations.Progress.succeeded(now.name().toLowerCase(Locale.ROOT), "");
    }
    boolean onTheWay =
        wanted == HostPower.STANDBY ? now == HostPower.DRAINING : now == HostPower.WAKING;
    String trouble = hostKeeper.troubleOf(host);
    String phase = now.name().toLowerCase(Locale.ROOT) + (trouble.isEmpty() ? "" : ": " + trouble);
    return onTheWay
        ? Operations.Progress.going(phase)
        : Operations.Progress.failed(phase, "the scheduler took it back into service");
  }

  private HostRecord host(String name) throws Refusal {
    return book.host(name)
        .orElseThrow(() -> new Refusal(Reason.NOT_FOUND, "there is no host '" + name + "'"));
  }
}
