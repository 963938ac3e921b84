package io.drover.scheduler.exec;

import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostPower;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.power.PowerStatus;
import io.drover.scheduler.intent.IntentException;
import io.drover.scheduler.intent.IntentStore;
import io.drover.scheduler.settings.ExecutionSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the records of hosts and switches hosts on and off.
 *
 * <p>Like {@link VmKeeper} it goes by what is recorded and seen ({@link HostCare}), not by what it
 * did before. Every change is a compare-and-set after a look at the scheduler's epoch.
 */
final class HostKeeper {
  private static final Duration POWER_RETRY = Duration.ofSeconds(5);

  private final Shell shell;
  private final HostCatalog catalog;
  private final IntentStore records;
  private final PowerDriver driver;
  private final ClusterBook book;
  private final Moves moves;
  private final ExecutionSettings limits;
  private final SchedulerMetrics metrics;
  private final Set<String> busy = new HashSet<>();
  private final Set<String> askedToWake = new HashSet<>();
  private final Map<String, Instant> notBefore = new HashMap<>();
  private final Map<String, String> troubles = new HashMap<>();
  private Map<String, PowerStatus> power = Map.of();
  private double savedSeconds;

  HostKeeper(
      Shell shell,
      HostCatalog catalog,
      IntentStore records,
      PowerDriver driver,
      ClusterBook book,
      Moves moves,
      ExecutionSettings limits,
      SchedulerMetrics metrics) {
    this.shell = shell;
    this.catalog = catalog;
    this.records = records;
    this.driver = driver;
    this.book = book;
    this.moves = moves;
    this.limits = limits;
    this.metrics = metrics;
  }

  /** What the power driver says of every host, read together with the records. Blocking. */
  static Map<String, PowerStatus> readPower(PowerDriver driver, List<HostRecord> hosts) {
    Map<String, PowerStatus> read = new HashMap<>();
    hosts.forEach(host -> read.put(host.host(), driver.status(host.host())));
    return Map.copyOf(read);
  }

  void power(Map<String, PowerStatus> read) {
    power = read;
  }

  PowerStatus powerOf(String host) {
    return power.getOrDefault(host, PowerStatus.UNKNOWN);
  }

  /** Why a host could not be switched lately, or empty. */
  String troubleOf(String host) {
    return troubles.getOrDefault(host, "");
  }

  /** Time that hosts have spent in standby, as far as this scheduler knows. */
  double savedSeconds() {
    double now = 0;
    for (HostRecord host : book.hosts()) {
      if (host.power() == HostPower.STANDBY) {
        now += seconds(Duration.between(host.since(), shell.now()));
      }
    }
    return savedSeconds + now;
  }

  /** Records a host that was not known, or whose traits are others than recorded. */
  void reported(AgentReport report) {
    String name = report.node();
    if (busy.contains(name)) {
      return;
    }
    HostRecord known = book.host(name).orElse(null);
    if (known == null) {
      change(
          HostRecord.discovered(name, report.traits(), shell.now()),
          ignored -> SchedulerLog.host(name, "a host that was not known reports"));
    } else if (!known.traits().equals(report.traits())) {
      change(known.with(report.traits()), ignored -> {});
    }
  }

  /** Looks after one host. */
  void review(HostRecord host) {
    String name = host.host();
    if (busy.contains(name) || shell.now().isBefore(notBefore.getOrDefault(name, Instant.MIN))) {
      return;
    }
    if (host.power() != HostPower.WAKING) {
      askedToWake.remove(name);
    }
    switch (HostCare.decide(host, sight(name), limits, shell.now())) {
      case NOTHING -> {}
      case POWER_OFF -> powerOff(host);
      case RECORD_STANDBY -> recordStandby(host);
      case STAY_ON -> {
        troubles.put(name, "could not be emptied in time");
        change(
            host.to(HostPower.ON, false, shell.now()),
            ignored -> SchedulerLog.host(name, "stays on: it could not be emptied in time"));
      }
      case POWER_ON -> powerOn(host);
      case RECORD_ON -> recordOn(host);
    }
  }

  private HostCare.Sight sight(String host) {
    Instant now = shell.now();
    boolean reportsNone =
        book.seen(host).map(seen -> seen.byVm().isEmpty()).orElse(true) || book.lost(host, now);
    boolean moving =
        moves.open().stream()
            .anyMatch(
                move -> move.migration().from().equals(host) || move.migration().to().equals(host));
    return new HostCare.Sight(
        book.reachable(host, now),
        book.lost(host, now),
        reportsNone && !moving && book.placedOn(host).isEmpty(),
        book.seen(host).map(ClusterBook.Seen::at).orElse(Instant.MIN),
        powerOf(host),
        askedToWake.contains(host));
  }

  /** Sends a host on its way to standby; it is switched off once it is empty. */
  void beginStandby(HostRecord host, Consumer<Optional<Exception>> then) {
    turn(host, HostPower.DRAINING, true, "on its way to standby", then);
  }

  /** An operator takes a host out of service. */
  void drain(HostRecord host, Consumer<Optional<Exception>> then) {
    turn(host, HostPower.DRAINING, false, "drained by an operator", then);
  }

  /** Wakes a sleeping host, or takes a draining one back into service. */
  void wake(HostRecord host, Consumer<Optional<Exception>> then) {
    boolean sleeps = host.power() == HostPower.STANDBY || host.power() == HostPower.WAKING;
    turn(
        host,
        sleeps ? HostPower.WAKING : HostPower.ON,
        false,
        sleeps ? "is to wake" : "is in service again",
        then);
  }

  private void turn(
      HostRecord host,
      HostPower next,
      boolean thenStandby,
      String what,
      Consumer<Optional<Exception>> then) {
    String name = host.host();
    if (busy.contains(name)) {
      then.accept(
          Optional.of(new IllegalStateException("host " + name + " is being switched just now")));
      return;
    }
    troubles.remove(name);
    change(
        host.to(next, thenStandby, shell.now()),
        recorded -> {
          if (host.power() == HostPower.STANDBY) {
            addSaved(host);
          }
          SchedulerLog.host(name, what);
          then.accept(Optional.empty());
          review(recorded);
        },
        failure -> then.accept(Optional.of(failure)));
  }

  private void addSaved(HostRecord host) {
    double slept = seconds(Duration.between(host.since(), shell.now()));
    savedSeconds += slept;
    metrics.hostSecondsSaved.inc(Math.max(0, slept));
  }

  private void powerOff(HostRecord host) {
    String name = host.host();
    SchedulerLog.host(name, "is empty and is powered off");
    switchPower(
        host,
        () -> driver.powerOff(name),
        () -> {
          metrics.standbys.inc();
          recordStandby(host);
        });
  }

  private void recordStandby(HostRecord host) {
    change(
        host.to(HostPower.STANDBY, false, shell.now()),
        ignored -> SchedulerLog.host(host.host(), "is in standby"));
  }

  private void powerOn(HostRecord host) {
    String name = host.host();
    askedToWake.add(name);
    SchedulerLog.host(name, "is powered on");
    boolean late = Duration.between(host.since(), shell.now()).compareTo(limits.wakeTimeout()) >= 0;
    switchPower(
        host,
        () -> driver.powerOn(name),
        () -> {
          metrics.wakes.inc();
          if (late) {
            // The wait for its report begins anew.
            change(host.to(HostPower.WAKING, false, shell.now()), ignored -> {});
          }
        });
  }

  private interface PowerCall {
    java.util.concurrent.CompletableFuture<Void> begin();
  }

  private void switchPower(HostRecord host, PowerCall call, Runnable done) {
    String name = host.host();
    busy.add(name);
    Consumer<Exception> failed =
        failure -> {
          busy.remove(name);
          askedToWake.remove(name);
          notBefore.put(name, shell.now().plus(POWER_RETRY));
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
            return;
          }
          troubles.put(name, String.valueOf(failure.getMessage()));
          metrics.powerFailures.inc();
          SchedulerLog.trouble("host " + name + " could not be switched", failure);
        };
    shell.blocking(
        () -> {
          records.confirm();
          return name;
        },
        ignored ->
            shell.await(
                call.begin().thenApply(nothing -> name),
                switched -> {
                  busy.remove(name);
                  troubles.remove(name);
                  done.run();
                },
                failed),
        failed);
  }

  private void recordOn(HostRecord host) {
    boolean woken = host.power() == HostPower.WAKING;
    HostRecord on = host.to(HostPower.ON, false, shell.now());
    Duration boot =
        Duration.between(
            host.since(), book.seen(host.host()).map(ClusterBook.Seen::at).orElse(shell.now()));
    change(
        woken ? on.booted(boot) : on,
        ignored -> {
          if (!woken) {
            addSaved(host);
          }
          SchedulerLog.host(
              host.host(),
              woken ? "is awake after " + boot.toMillis() + " ms" : "runs though it should sleep");
        });
  }

  /** One change of a host at a time; who changed it meanwhile is right. */
  private void change(HostRecord next, Consumer<HostRecord> done) {
    change(next, done, ignored -> {});
  }

  private void change(HostRecord next, Consumer<HostRecord> done, Consumer<Exception> failed) {
    String name = next.host();
    busy.add(name);
    shell.blocking(
        () -> {
          records.confirm();
          return catalog.change(next);
        },
        recorded -> {
          busy.remove(name);
          book.put(recorded);
          done.accept(recorded);
        },
        failure -> {
          busy.remove(name);
          if (failure instanceof IntentException.Fenced) {
            shell.giveUp(failure);
          } else {
            metrics.recordFailures.inc();
            SchedulerLog.trouble("the record of host " + name + " was not changed", failure);
            failed.accept(failure);
          }
        });
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
