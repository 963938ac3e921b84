package io.drover.scheduler.exec;

import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.vm.VmCatalog;
import io.drover.predictor.forecast.Forecaster;
import io.drover.scheduler.forecast.FleetForecasts;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.plan.Mode;
import io.drover.scheduler.settings.SchedulerSettings;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Everything that one scheduler knows and does from its take-over to its end, wired together. */
final class Reign {
  /** How far ahead forecasts are held against what came, at most. */
  private static final Duration CHECKED_AHEAD = Duration.ofMinutes(5);

  private final ClusterBook book;
  private final Histories histories;
  private final FleetForecasts forecasts;
  private final ForecastLedger ledger;
  private final Operations operations = new Operations();
  private final MoveBook moveBook;
  private final Moves moves;
  private final VmKeeper vmKeeper;
  private final HostKeeper hostKeeper;
  private final Planning planning;
  private final Commands commands;
  private final Views views;

  Reign(
      String node,
      long epoch,
      Mode mode,
      Shell shell,
      VmCatalog vms,
      HostCatalog hosts,
      IntentStore intents,
      PowerDriver power,
      SchedulerSettings settings,
      SchedulerMetrics metrics) {
    Instant now = shell.now();
    book = new ClusterBook(settings.execution(), now);
    histories = new Histories(settings.forecast().historySamples());
    Forecaster forecaster = new Forecaster(settings.forecast());
    forecasts = new FleetForecasts(settings.learning(), forecaster, metrics::judged);
    Duration horizon = settings.policy().moves().horizon();
    ledger =
        new ForecastLedger(
            horizon.compareTo(CHECKED_AHEAD) < 0 ? horizon : CHECKED_AHEAD,
            settings.policy().demandQuantile());
    moveBook = new MoveBook(shell, book, settings.linkBytesPerSecond(), metrics);
    vmKeeper = new VmKeeper(shell, intents, book, settings.execution(), epoch, metrics);
    moves = new Moves(shell, intents, vms, settings.execution(), epoch, moveBook);
    hostKeeper =
        new HostKeeper(shell, hosts, intents, power, book, moves, settings.execution(), metrics);
    planning =
        new Planning(
            shell,
            book,
            histories,
            forecasts,
            ledger,
            moves,
            moveBook,
            vmKeeper,
            hostKeeper,
            forecaster,
            settings,
            mode,
            epoch,
            now,
            metrics);
    moveBook.onEnd(this::goOnDraining);
    Replies replies = new Replies(operations, epoch);
    commands =
        new Commands(
            shell,
            intents,
            book,
            planning,
            replies,
            new VmCommands(
                shell,
                vms,
                intents,
                book,
                moves,
                moveBook,
                vmKeeper,
                planning,
                operations,
                replies),
            new HostCommands(book, moves, hostKeeper, planning, replies));
    views =
        new Views(
            node,
            epoch,
            shell,
            book,
            histories,
            ledger,
            moves,
            moveBook,
            vmKeeper,
            hostKeeper,
            planning,
            operations,
            new ForecastViews(histories, forecaster, forecasts));
  }

  /** The next machine of a host that is being emptied need not wait for the next regular plan. */
  private void goOnDraining() {
    if (book.hosts().stream().anyMatch(host -> host.power() == HostPower.DRAINING)) {
      planning.plan();
    }
  }

  void history(List<MoveInfo> ended) {
    moveBook.learnAll(ended);
  }

  ClusterBook book() {
    return book;
  }

  Histories histories() {
    return histories;
  }

  FleetForecasts forecasts() {
    return forecasts;
  }

  ForecastLedger ledger() {
    return ledger;
  }

  Operations operations() {
    return operations;
  }

  Moves moves() {
    return moves;
  }

  VmKeeper vmKeeper() {
    return vmKeeper;
  }

  HostKeeper hostKeeper() {
    return hostKeeper;
  }

  Planning planning() {
    return planning;
  }

  Commands commands() {
    return commands;
  }

  Views views() {
    return views;
  }
}
