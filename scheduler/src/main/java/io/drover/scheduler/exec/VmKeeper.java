package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.StepReply;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmPlacement;
import io.drover.hostagent.vm.VmRecord;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes machines run, or stand still, as is wished of them, apart from moving them.
 *
 * <p>What is to be done comes from {@link VmCare} alone; it is looked at again and again, so that
 * nothing depends on an order having been given by this scheduler or on its answer.
 */
final class VmKeeper {
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(2);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(2);

  /** Then another host may do better. */
  private static final int TRIES_PER_HOST = 3;

  private final Shell shell;
  private final IntentStore records;
  private final ClusterBook book;
  private final ExecutionSettings limits;
  private final long epoch;
  private final SchedulerMetrics metrics;
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, Trouble> troubles = new HashMap<>();
  private final Set<String> forceStops = new HashSet<>();
  private int orders;

  /** What is being done for a machine. */
  enum Task {
    LOOKING,
    PLACING,
    STARTING,
    STOPPING
  }

  /** Starts that failed in a row. */
  private record Trouble(int failures, Instant notBefore, String text) {}

  VmKeeper(
      Shell shell,
      IntentStore records,
      ClusterBook book,
      ExecutionSettings limits,
      long epoch,
      SchedulerMetrics metrics) {
    this.shell = shell;
    this.records = records;
    this.book = book;
    this.limits = limits;
    this.epoch = epoch;
    this.metrics = metrics;
  }

  Optional<Task> taskOf(String vm) {
    return Optional.ofNullable(tasks.get(vm));
  }

  /** Why the last start of a machine failed; empty once it runs. */
  String troubleOf(String vm) {
    Trouble trouble = troubles.get(vm);
    return trouble == null ? "" : trouble.text();
  }

  /** Whether a machine may be started again now. */
  boolean rested(String vm) {
    Trouble trouble = troubles.get(vm);
    return trouble == null || !shell.now().isBefore(trouble.notBefore());
  }

  /** Looks after a machine that is not being moved. */
  void review(VmRecord vm) {
    String id = vm.spec().id().value();
    if (tasks.containsKey(id)) {
      return;
    }
    if (vm.placement().desired() == DesiredState.STOPPED && vm.placement().host().isEmpty()) {
      forceStops.remove(id);
      troubles.remove(id);
    }
    String host = vm.placement().host().orElse("");
    VmCare.Sight sight = sight(host, id);
    boolean takesVms = book.host(host).map(HostRecord::takesVms).orElse(false);
    VmCare.Deed deed = VmCare.decide(vm.placement(), sight, takesVms, book.copyAtPlace(vm));
    switch (deed) {
      case NOTHING -> forgetTrouble(vm);
      case START -> whenRested(vm, () -> orderStart(vm, "lost"));
      case STOP -> orderStop(vm);
      case RESTART -> whenRested(vm, () -> lookFirst(vm, deed, takesVms));
      case TAKE_BACK, STOPPED_BY_GUEST -> lookFirst(vm, deed, takesVms);
      case UNPLACE -> {
        if (sight == VmCare.Sight.LOST) {
          perform(vm, deed);
        } else {
          lookFirst(vm, deed, takesVms);
        }
      }
    }
  }

  /**
   * Asks the agent before something is done that would harm a machine that is well: a report tells
   * how things were when it was begun, the answer to an order how they are between two orders.
   */
  private void lookFirst(VmRecord vm, VmCare.Deed deed, boolean takesVms) {
    tasks.put(vm.spec().id().value(), Task.LOOKING);
    order(
        vm,
        "inspect",
        new AgentStep.Inspect(),
        answer -> {
          if (answer instanceof Shell.Answer.Replied(StepReply.Done done)) {
            VmCare.Deed now =
                VmCare.decide(vm.placement(), VmCare.Sight.REPORTS, takesVms, done.result().copy());
            if (now == deed) {
              perform(vm, deed);
            }
          }
        });
  }

  private void perform(VmRecord vm, VmCare.Deed deed) {
    switch (deed) {
      case NOTHING, START, STOP -> throw new IllegalArgumentException(deed + " needs no look");
      case RESTART -> restart(vm);
      case TAKE_BACK -> orderTakeBack(vm);
      case UNPLACE -> place(vm, Optional.empty(), vm.placement().desired(), true, ignored -> {});
      case STOPPED_BY_GUEST ->
          place(vm, vm.placement().host(), DesiredState.STOPPED, false, ignored -> {});
    }
  }

  /** A report that may be older than the last order says nothing. */
  private VmCare.Sight sight(String host, String vm) {
    Instant now = shell.now();
    if (book.lost(host, now)) {
      return VmCare.Sight.LOST;
    }
    return book.tellsOf(host, vm) && book.reachable(host, now)
        ? VmCare.Sight.REPORTS
        : VmCare.Sight.SILENT;
  }

  private void forgetTrouble(VmRecord vm) {
    if (book.copyAtPlace(vm).alive()
        && book.copyAtPlace(vm).placementEpoch() == vm.placement().placementEpoch()
        && rested(vm.spec().id().value())) {
      troubles.remove(vm.spec().id().value());
    }
  }

  private void whenRested(VmRecord vm, Runnable deed) {
    if (rested(vm.spec().id().value())) {
      deed.run();
    }
  }

  /**
   * A machine that dies again and again is started again and again, ever more slowly, and elsewhere
   * after a few times.
   */
  private void restart(VmRecord vm) {
    String id = vm.spec().id().value();
    String text = book.reported(vm).map(report -> report.trouble()).orElse("");
    int failures = failed(id, text.isEmpty() ? "its process ended" : text);
    if (failures % TRIES_PER_HOST == 0) {
      place(vm, Optional.empty(), DesiredState.RUNNING, true, ignored -> {});
    } else {
      place(
          vm, vm.placement().host(), DesiredState.RUNNING, true, anew -> orderStart(anew, "crash"));
    }
  }

  private int failed(String vm, String text) {
    Trouble before = troubles.get(vm);
    int failures = before == null ? 1 : before.failures() + 1;
    Duration pause = LEAST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
    Duration bounded = pause.compareTo(MOST_PAUSE) < 0 ? pause : MOST_PAUSE;
    troubles.put(vm, new Trouble(failures, shell.now().plus(bounded), text));
    return failures;
  }

  /** Places a machine on a host and starts it there; the answer tells whether it was placed. */
  void start(VmRecord vm, String host, Consumer<Optional<Exception>> then) {
    place(
        vm,
        Optional.of(host),
        DesiredState.RUNNING,
        true,
        anew -> {
          then.accept(Optional.empty());
          orderStart(anew, "wanted");
        },
        failure -> then.accept(Optional.of(failure)));
  }

  /** Records a wish; what follows from it comes with the next review. */
  void wish(VmRecord vm, DesiredState desired, boolean force, Consumer<Optional<Exception>> then) {
    String id = vm.spec().id().value();
    troubles.remove(id);
    if (force) {
      forceStops.add(id);
    }
    place(
        vm,
        vm.placement().host(),
        desired,
        false,
        anew -> {
          then.accept(Optional.empty());
          review(anew);
        },
        failure -> then.accept(Optional.of(failure)));
  }

  private void orderStart(VmRecord vm, String why) {
    String id = vm.spec().id().value();
    tasks.put(id, Task.STARTING);
    metrics.starts.labels(why).inc();
    order(
        vm,
        "start",
        new AgentStep.StartVm(vm.placement().placementEpoch()),
        answer -> {
          if (answer instanceof Shell.Answer.Replied(StepReply.Failed failed)) {
            int failures = failed(id, failed.reason());
            if (failures % TRIES_PER_HOST == 0) {
              place(vm, Optional.empty(), DesiredState.RUNNING, true, ignored -> {});
            }
          }
        });
  }

  private void orderTakeBack(VmRecord vm) {
    tasks.put(vm.spec().id().value(), Task.STARTING);
    SchedulerLog.vm(vm.spec().name(), "stands still though nothing is done to it; it shall go on");
    order(vm, "take-back", new AgentStep.TakeBack(), ignored -> {});
  }

  private void orderStop(VmRecord vm) {
    String id = vm.spec().id().value();
    tasks.put(id, Task.STOPPING);
    order(
        vm,
        "stop",
        new AgentStep.StopVm(forceStops.contains(id)),
        answer -> {
          if (answer instanceof Shell.Answer.Replied(StepReply.Done ignored)) {
            place(vm, Optional.empty(), DesiredState.STOPPED, true, unplaced -> {});
          }
        });
  }

  /** Orders a reset; tells why it failed, or nothing. */
  void reset(VmRecord vm, Consumer<Optional<String>> then) {
    order(
        vm,
        "reset",
        new AgentStep.ResetVm(),
        answer ->
            then.accept(
                switch (answer) {
                  case Shell.Answer.Silent silent -> Optional.of(silent.why());
                  case Shell.Answer.Replied(StepReply.Done ignored) -> Optional.empty();
                  case Shell.Answer.Replied(StepReply.Failed failed) ->
                      Optional.of(failed.reason());
                  case Shell.Answer.Replied(StepReply.Refused refused) ->
                      Optional.of(refused.reason());
                }));
  }

  private void order(VmRecord vm, String name, AgentStep step, Consumer<Shell.Answer> then) {
    VmId id = vm.spec().id();
    String host = vm.placement().host().orElseThrow();
    orders++;
    Order order = Order.ofPlacement(epoch, name + "-" + epoch + "-" + orders, name);
    shell.order(
        host,
        order,
        id.value(),
        step,
        limits.stepTimeout(),
        answer -> {
          settle(id.value());
          then.accept(answer);
        });
  }

  private void settle(String vm) {
    tasks.remove(vm);
    book.touched(vm, shell.now());
  }

  /**
   * Changes a placement, bound to this scheduler's epoch. One that was changed by someone else is
   * left alone: the next review sees it as it is.
   */
  private void place(
      VmRecord vm,
      Optional<String> host,
      DesiredState desired,
      boolean newEpoch,
      Consumer<VmRecord> done) {
    place(vm, host, desired, newEpoch, done, ignored -> {});
  }

  private void place(
      VmRecord vm,
      Optional<String> host,
      DesiredState desired,
      boolean newEpoch,
      Consumer<VmRecord> done,
      Consumer<Exception> failed) {
    String id = vm.spec().id().value();
    VmPlacement before = vm.placement();
    tasks.put(id, Task.PLACING);
    shell.blocking(
        () -> records.place(before, host, desired, newEpoch),
        placement -> {
          settle(id);
          VmRecord anew = new VmRecord(vm.spec(), placement);
          book.put(anew);
          done.accept(anew);
        },
        failure -> {
          settle(id);
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
          } else {
            metrics.recordFailures.inc();
            SchedulerLog.vm(vm.spec().name(), "its placement was not changed: " + failure);
            failed.accept(failure);
          }
        });
  }
}
