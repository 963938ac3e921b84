package io.drover.scheduler.exec;

import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.cost.MigrationModel;
import io.drover.scheduler.view.SchedulerView.MoveInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What migrations that ended have left behind: history, what was learned, and numbers. */
final class MoveBook implements Moves.Listener {
  private static final int REMEMBERED = 200;

  private final Shell shell;
  private final ClusterBook book;
  private final double linkBytesPerSecond;
  private final SchedulerMetrics metrics;
  private final List<MoveInfo> ended = new ArrayList<>();
  private final Map<String, Instant> lastMoved = new HashMap<>();
  private final Map<String, Double> dirtyRates = new HashMap<>();
  private MigrationModel model = MigrationModel.fresh();
  private Runnable onEnd = () -> {};
  private long moved;
  private long failed;

  MoveBook(Shell shell, ClusterBook book, double linkBytesPerSecond, SchedulerMetrics metrics) {
    this.shell = shell;
    this.book = book;
    this.linkBytesPerSecond = linkBytesPerSecond;
    this.metrics = metrics;
  }

  void onEnd(Runnable listener) {
    onEnd = listener;
  }

  /** Takes what earlier schedulers have seen. */
  void learnAll(List<MoveInfo> earlier) {
    earlier.forEach(this::add);
  }

  private void add(MoveInfo move) {
    ended.add(move);
    while (ended.size() > REMEMBERED) {
      ended.removeFirst();
    }
    model = Move.learn(model, move, linkBytesPerSecond);
    if (move.outcome().equals("moved")) {
      moved++;
      lastMoved.put(
          move.vm(),
          Instant.ofEpochMilli(move.startedEpochMillis() + Math.max(0, move.actualMillis())));
    } else {
      failed++;
      // A machine whose move failed is left in peace for as long as one that was moved.
      lastMoved.put(move.vm(), Instant.ofEpochMilli(move.startedEpochMillis()));
    }
  }

  @Override
  public void changed(Move move) {
    SchedulerLog.migration(
        book.nameOf(move.vm()),
        move.migration(),
        "migration is at " + move.migration().stage() + because(move));
  }

  @Override
  public void placed(VmRecord vm) {
    book.put(vm);
  }

  private static String because(Move move) {
    return move.migration().trouble().isEmpty() ? "" : ": " + move.migration().trouble();
  }

  @Override
  public void ended(Move move) {
    book.touched(move.vm(), shell.now());
    MoveInfo info = move.info();
    add(info);
    metrics.migrations.labels(info.outcome()).inc();
    if (move.moved()) {
      metrics.migrationSeconds.observe(info.actualMillis() / 1000.0);
      metrics.downtimeSeconds.observe(info.actualDowntimeMillis() / 1000.0);
      if (info.actualMillis() > 0) {
        metrics.durationError.observe(
            Math.abs(info.predictedMillis() - info.actualMillis()) / (double) info.actualMillis());
      }
      shell.handOnHistory(move.vm(), move.migration().from(), move.migration().to());
    }
    move.migration()
        .stats()
        .ifPresent(stats -> dirtyRates.put(move.vm(), stats.dirtyBytesPerSecond()));
    SchedulerLog.migration(
        book.nameOf(move.vm()),
        move.migration(),
        "migration ended: %s after %d ms, stood still for %d ms%s"
            .formatted(
                info.outcome(), info.actualMillis(), info.actualDowntimeMillis(), because(move)));
    onEnd.run();
  }

  @Override
  public void trouble(String what, Exception cause) {
    metrics.recordFailures.inc();
    SchedulerLog.trouble("could not " + what + " in this try", cause);
  }

  MigrationModel model() {
    return model;
  }

  /** How fast a machine wrote memory when it was last moved; 0 if that is not known. */
  double dirtyRate(String vm) {
    return dirtyRates.getOrDefault(vm, 0.0);
  }

  Optional<Instant> lastMoved(String vm) {
    return Optional.ofNullable(lastMoved.get(vm));
  }

  /** A machine that was just started rests like one that was just moved. */
  void started(String vm) {
    lastMoved.put(vm, shell.now());
  }

  /** Moves that ended, oldest first. */
  List<MoveInfo> ended() {
    return List.copyOf(ended);
  }

  long moved() {
    return moved;
  }

  long failed() {
    return failed;
  }
}
