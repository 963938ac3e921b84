package io.drover.daemon.demo;

import io.drover.daemon.cli.CliException;
import io.drover.daemon.demo.collector.CollectorLine;
import io.drover.daemon.demo.collector.CollectorProcess;
import io.drover.daemon.demo.guest.GuestImage;
import io.drover.daemon.demo.guest.Verdict;
import io.drover.daemon.demo.load.PhaseKind;
import io.drover.daemon.demo.record.Judge;
import io.drover.daemon.demo.record.MoveSeen;
import io.drover.daemon.demo.record.Summary;
import io.drover.daemon.demo.screen.Event;
import io.drover.daemon.demo.screen.Screen;
import io.drover.daemon.demo.site.Launcher;
import io.drover.daemon.demo.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Leads through a run: start, phases, verdict, summary. */
final class Conductor implements AutoCloseable {
  private static final int GUEST_MEBIBYTES = 96;
  private static final long DISK_BYTES = 64L << 20;
  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration NODES_START = Duration.ofMinutes(2);
  private static final Duration SCHEDULER_STARTS = Duration.ofMinutes(1);
  private static final Duration GUESTS_START = Duration.ofSeconds(150);
  private static final Duration VERDICT = Duration.ofSeconds(90);

  private final Preparation prepared;
  private final Screen screen;
  private final Site site;
  private final ClusterApi api;
  private final Instant begun;
  private Optional<CollectorProcess> collector = Optional.empty();
  private Watch watch;
  private double secondsToFirstVm = -1;

  Conductor(Preparation prepared, Screen screen) {
    this.prepared = prepared;
    this.screen = screen;
    this.site = new Site(prepared.configs());
    this.api = new ClusterApi(prepared.apis());
    // The launcher becomes this process, so a build on the way counts, as it does for whoever
    // waits.
    this.begun = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    this.watch = new Watch(prepared, site, api, screen, begun);
  }

  /** Runs the demo to its end; whether it was a success. */
  boolean conduct(Optional<Path> json) throws Exception {
    event(
        "seed %d, machines %s, files in %s"
            .formatted(
                prepared.script().seed(),
                String.join(" ", prepared.script().machines()),
                prepared.folder().root()));
    site.start();
    CollectorProcess guests = startCollector();
    site.awaitReady(NODES_START);
    event("four nodes are members of one cluster");
    awaitScheduler();
    startGuests(guests);
    awaitGuests(guests);
    for (PhaseKind kind : prepared.script().phases()) {
      watch.phase(kind, guests);
    }
    return conclude(guests, json);
  }

  /** Ends nothing: nodes, guests and the collector go on without this process. */
  void leaveRunning() {
    collector.ifPresent(CollectorProcess::leaveRunning);
    collector = Optional.empty();
  }

  private CollectorProcess startCollector() throws IOException, InterruptedException {
    List<String> command =
        Stream.of(
                List.of("setsid"),
                prepared.configs().network().enter(),
                Launcher.drover(
                    "demo-collector",
                    "--address",
                    prepared.configs().network().collectorListens(),
                    "--run",
                    prepared.folder().root() + "/"))
            .flatMap(List::stream)
            .toList();
    CollectorProcess started =
        CollectorProcess.start(command, prepared.folder().collectorLog(), Duration.ofSeconds(40));
    collector = Optional.of(started);
    return started;
  }

  private void awaitScheduler() throws InterruptedException, CliException {
    await(
        SCHEDULER_STARTS,
        "the scheduler did not hear from all hosts",
        () ->
            api.look(Map.of(), site::alive).hosts().stream().filter(h -> h.awake()).count()
                == prepared.fleet().hosts().size());
    event("the scheduler hears from all hosts");
    api.setMode("off");
  }

  private void startGuests(CollectorProcess guests) throws Exception {
    List<String> machines = prepared.script().machines();
    Map<String, String> hosts = prepared.script().startingHosts();
    forAll(machines, machine -> create(machine, guests.port()));
    await(
        SCHEDULER_STARTS,
        "the scheduler did not hear of all VMs",
        () -> api.look(Map.of(), site::alive).vms().size() == machines.size());
    forAll(
        machines,
        machine -> {
          api.startVm(machine, String.valueOf(hosts.get(machine)));
          firstVmRuns();
        });
    event(
        "%d virtual machines run, each on its own disk with 3 replicas".formatted(machines.size()));
  }

  private interface Step {
    void of(String machine) throws Exception;
  }

  /** Takes a step for all machines at once; fails with the first failure. */
  private static void forAll(List<String> machines, Step step) throws Exception {
    List<Callable<Void>> steps = new ArrayList<>();
    for (String machine : machines) {
      steps.add(() -> {
        step.of(machine);
        return null;
      });
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : executor.invokeAll(steps)) {
        done.get();
      }
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  private void create(String machine, int port) throws CliException, InterruptedException {
    var network = prepared.configs().network();
    int number = prepared.script().machines().indexOf(machine);
    api.createDisk(machine + "-disk", DISK_BYTES);
    api.createVm(
        machine,
        GUEST_MEBIBYTES,
        machine + "-disk",
        prepared.image().kernel().toString(),
        prepared.image().initrd().toString(),
        GuestImage.commandLine(
            machine, network.guestAddress(number), network.collectorForGuests() + ":" + port, 0));
  }

  private synchronized void firstVmRuns() {
    if (secondsToFirstVm < 0) {
      secondsToFirstVm = secondsIn();
      event("the first virtual machine runs");
    }
  }

  private void awaitGuests(CollectorProcess guests) throws CliException, InterruptedException {
    await(
        GUESTS_START,
        "not all guests were heard of",
        () -> {
          watch.look(guests);
          return guests.guests().guests().stream().filter(CollectorLine.Guest::connected).count()
              == prepared.script().machines().size();
        });
    event("all guests have started and sent a heartbeat; the scheduler may act from now on");
    api.setMode("automatic");
  }

  private boolean conclude(CollectorProcess guests, Optional<Path> json)
      throws IOException, InterruptedException, CliException {
    guests.setLoads(idle());
    event("the guests verify all that they have written");
    Map<String, Long> rounds = new TreeMap<>();
    guests.guests().guests().forEach(g -> rounds.put(g.vm(), g.verdict().round()));
    long deadline = System.nanoTime() + VERDICT.toNanos();
    while (!unheard(guests, rounds).isEmpty() && System.nanoTime() < deadline) {
      watch.look(guests);
      Thread.sleep(TICK);
    }
    Verdict verdict =
        guests.guests().guests().stream()
            .map(CollectorLine.Guest::verdict)
            .reduce(Verdict.NONE, Verdict::plus);
    var scheduler = api.scheduler();
    List<MoveSeen> moves = watch.moves(guests);
    Summary summary =
        new Summary(
            Judge.judge(watch.recording(moves)),
            verdict,
            unheard(guests, rounds),
            moves,
            scheduler.path("forecastErrorCores").asDouble(-1),
            scheduler.path("hostSecondsSaved").asDouble(),
            secondsToFirstVm,
            secondsIn());
    screen.keepFrame();
    screen.say("");
    summary.lines().forEach(screen::say);
    screen.say("");
    screen.say(
        summary.successful()
            ? "All four events happened, and nothing was lost."
            : summary.clean()
                ? "Nothing was lost, but not all four events happened."
                : "THE GUESTS' VERDICT IS NOT CLEAN.");
    if (json.isPresent()) {
      Files.writeString(json.get(), summary.toJson());
    }
    return summary.successful();
  }

  private Map<String, Integer> idle() {
    Map<String, Integer> idle = new TreeMap<>();
    prepared.script().machines().forEach(machine -> idle.put(machine, 0));
    return idle;
  }

  /** Guests that have not verified all that they had written by the given rounds. */
  private List<String> unheard(CollectorProcess guests, Map<String, Long> rounds) {
    Map<String, Long> verified = new TreeMap<>();
    guests.guests().guests().forEach(g -> verified.put(g.vm(), g.verdictRound()));
    return prepared.script().machines().stream()
        .filter(machine ->
            verified.getOrDefault(machine, -1L) < rounds.getOrDefault(machine, Long.MAX_VALUE))
        .toList();
  }

  private interface Condition {
    boolean met() throws CliException, InterruptedException;
  }

  private static void await(Duration limit, String otherwise, Condition condition)
      throws InterruptedException, CliException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        if (condition.met()) {
          return;
        }
      } catch (CliException notYet) {
        if (System.nanoTime() > deadline) {
          throw notYet;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(otherwise + " within " + limit.toSeconds() + " s");
      }
      Thread.sleep(TICK);
    }
  }

  private void event(String what) {
    watch.event(new Event((long) secondsIn(), what, ""));
  }

  private double secondsIn() {
    return Duration.between(begun, Instant.now()).toMillis() / 1_000.0;
  }

  @Override
  public void close() {
    collector.ifPresent(CollectorProcess::close);
  }
}
