package io.drover.scheduler.exec;

import com.typesafe.config.ConfigFactory;
import io.drover.config.ConfigReader;
import io.drover.hostagent.agent.AgentCommand;
import io.drover.hostagent.agent.AgentCore;
import io.drover.hostagent.agent.AgentMetrics;
import io.drover.hostagent.agent.AgentReport;
import io.drover.hostagent.agent.AgentStep;
import io.drover.hostagent.agent.Order;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.agent.StepReply;
import io.drover.hostagent.agent.VmHistory;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.host.HostTraits;
import io.drover.hostagent.power.PowerDriver;
import io.drover.hostagent.power.PowerStatus;
import io.drover.hostagent.settings.AgentSettings;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.BootSource;
import io.drover.hostagent.vm.DesiredState;
import io.drover.hostagent.vm.VmId;
import io.drover.hostagent.vm.VmMode;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.hostagent.vm.VmRequirements;
import io.drover.hostagent.vm.VmSpec;
import io.drover.scheduler.exec.Fiber.Incarnation;
import io.drover.scheduler.settings.SchedulerSettings;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import io.drover.storage.disk.DiskId;
import io.prometheus.client.CollectorRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/** A simulated cluster: real scheduler cores, real agents, and a world that is against them. */
final class SimCluster {
  static final VmPlatform PLATFORM = new VmPlatform("pc", "cpu", Accelerator.TCG);

  final SimWorld world;
  final SimStore store;
  final SimMachines machines;
  final Map<String, Host> hosts = new TreeMap<>();
  final List<Scheduler> schedulers = new ArrayList<>();
  private final Path folder;
  private final SchedulerSettings settings;
  private final AgentSettings agentSettings;
  private int named;

  SimCluster(long seed, Path folder, String overrides) throws Exception {
    this.folder = folder;
    world = new SimWorld(seed);
    store = new SimStore(world);
    machines = new SimMachines(world);
    var config =
        ConfigFactory.parseString(overrides)
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    settings =
        ConfigReader.read(
            config.withOnlyPath("drover.scheduler"),
            root -> SchedulerSettings.read(root.section("drover").section("scheduler")));
    agentSettings =
        ConfigReader.read(
            config.withOnlyPath("drover.agent"),
            root -> AgentSettings.read(root.section("drover").section("agent")));
  }

  void addHost(String name) {
    HostTraits traits = new HostTraits(4, 1L << 34, "127.0.0.1", "tcg", "pc", "cpu", "");
    store.hosts.put(
        name,
        new HostRecord(
            name,
            io.drover.hostagent.host.HostPower.ON,
            false,
            world.now(),
            Duration.ZERO,
            traits,
            0));
    Host host = new Host(name, traits);
    hosts.put(name, host);
    host.start();
  }

  void addVm(String id, String host) {
    addVm(id, Optional.of(host), DesiredState.RUNNING);
  }

  void addVm(String id, Optional<String> host, DesiredState desired) {
    store.create(
        new VmSpec(
            new VmId(id),
            id,
            1,
            64,
            new BootSource.FirstDisk(),
            List.of(new DiskId("disk-" + id)),
            "52:54:00:00:00:01",
            PLATFORM,
            VmMode.AUTOMATIC,
            VmRequirements.NONE),
        host,
        desired);
  }

  Host host(String name) {
    return Objects.requireNonNull(hosts.get(name));
  }

  Scheduler addScheduler() {
    named++;
    Scheduler scheduler = new Scheduler("s" + named);
    schedulers.add(scheduler);
    return scheduler;
  }

  /** A machine of the world, with an agent that may die and come back. */
  final class Host {
    final String name;
    final HostTraits traits;
    boolean cutOff;
    private Incarnation process;
    private AgentCore core;
    private Instant startedAt = Instant.EPOCH;
    private boolean ready;
    private final Map<VmId, ArrayDeque<Runnable>> lanes = new HashMap<>();
    private final Set<VmId> busy = new HashSet<>();
    private final Map<String, Duration> lastReport = new HashMap<>();
    private int starts;

    Host(String name, HostTraits traits) {
      this.name = name;
      this.traits = traits;
      process = new Incarnation(name);
      core = newCore();
    }

    private AgentCore newCore() {
      return new AgentCore(
          name,
          "127.0.0.1",
          machines.hypervisor(name),
          machines.disks(name),
          store.vms(),
          store.hosts(),
          store.gate(() -> cutOff),
          (vm, now) -> Optional.empty(),
          agentSettings,
          folder.resolve(name),
          new AgentMetrics(new CollectorRegistry()));
    }

    boolean up() {
      return !process.dead;
    }

    void start() {
      starts++;
      Incarnation mine = new Incarnation(name + "#" + starts);
      process = mine;
      core = newCore();
      startedAt = world.now();
      ready = false;
      lanes.clear();
      busy.clear();
      world.note(mine.name + " starts");
      adopt(mine);
      every(mine, Duration.ofSeconds(1), this::checkAll);
      every(mine, Duration.ofSeconds(2), this::report);
    }

    private void adopt(Incarnation mine) {
      boolean[] done = {false};
      world.fiber(
          mine,
          () -> {
            try {
              core.adopt();
              done[0] = true;
            } catch (IllegalStateException unavailable) {
              done[0] = false;
            }
          },
          () -> {
            if (done[0]) {
              ready = true;
              world.note(mine.name + " ready");
            } else {
              adopt(mine);
            }
          });
    }

    void die() {
      world.note(process.name + " dies");
      process.dead = true;
    }

    private void every(Incarnation mine, Duration interval, Runnable what) {
      world.after(
          interval,
          () -> {
            if (!mine.dead) {
              what.run();
              every(mine, interval, what);
            }
          });
    }

    private void checkAll() {
      if (ready) {
        for (VmId vm : core.vms()) {
          if (!busy.contains(vm)) {
            enqueue(vm, () -> core.check(vm), () -> {});
          }
        }
      }
    }

    private void report() {
      if (!ready) {
        return;
      }
      List<AgentReport.VmReport> vms = core.report(world.now());
      for (Scheduler scheduler : schedulers) {
        if (!cutOff && !scheduler.cutOff) {
          // Messages between the same two come in the order in which they were sent.
          Duration delay = world.moment();
          Duration due = world.elapsed().plus(delay);
          Duration last = lastReport.getOrDefault(scheduler.name, Duration.ZERO);
          if (due.compareTo(last) <= 0) {
            due = last.plusMillis(1);
          }
          lastReport.put(scheduler.name, due);
          Instant begun = startedAt;
          world.after(due.minus(world.elapsed()), () -> scheduler.report(this, begun, vms));
        }
      }
    }

    private void enqueue(VmId vm, Runnable body, Runnable ended) {
      Incarnation mine = process;
      lanes
          .computeIfAbsent(vm, ignored -> new ArrayDeque<>())
          .add(() ->
              world.fiber(
                  mine,
                  body,
                  () -> {
                    busy.remove(vm);
                    ended.run();
                    next(vm);
                  }));
      next(vm);
    }

    private void next(VmId vm) {
      ArrayDeque<Runnable> lane = lanes.get(vm);
      if (lane != null && !lane.isEmpty() && busy.add(vm)) {
        lane.poll().run();
      }
    }

    /** An order arrives. */
    void order(Order order, VmId vm, AgentStep step, Consumer<StepReply> reply) {
      if (process.dead || cutOff) {
        return;
      }
      if (!ready) {
        reply.accept(new StepReply.Refused(order, name, "not ready"));
        return;
      }
      Incarnation mine = process;
      world.fiber(mine, () -> core.breakOff(order, vm, step), () -> {});
      StepReply[] answer = new StepReply[1];
      enqueue(
          vm,
          () -> answer[0] = core.run(order, vm, step),
          () -> {
            world.note(
                mine.name
                    + " "
                    + order.intentId()
                    + "/"
                    + order.step()
                    + ": "
                    + describe(answer[0]));
            reply.accept(answer[0]);
          });
    }

    private String describe(StepReply reply) {
      return switch (reply) {
        case StepReply.Done ignored -> "done";
        case StepReply.Failed failed -> "failed, " + failed.reason();
        case StepReply.Refused refused -> "refused, " + refused.reason();
      };
    }
  }

  /** A scheduler's process; several may take themselves for the one. */
  final class Scheduler {
    final String name;
    boolean cutOff;
    private final Incarnation process;
    private final SchedulerCore core;
    private final Map<String, Set<Object>> waiting = new HashMap<>();
    private boolean ended;

    Scheduler(String name) {
      this.name = name;
      process = new Incarnation(name);
      core =
          new SchedulerCore(
              name,
              store.vms(),
              store.hosts(),
              store.intentStore(),
              new SimPower(),
              settings,
              new SchedulerMetrics(new CollectorRegistry()),
              new SimShell());
      core.start();
    }

    boolean active() {
      return !ended && core.reign().isPresent();
    }

    /** Asks, as an operator's node does; the answer has come when the inbox has it. */
    TestInbox<SchedulerView> ask(Function<ActorRef<SchedulerView>, SchedulerInbox> question) {
      TestInbox<SchedulerView> answers = TestInbox.create();
      switch (question.apply(answers.getRef())) {
        case SchedulerCommand command -> core.onCommand(command);
        case SchedulerQuery query -> core.onQuery(query);
        case SchedulerInbox other -> throw new IllegalArgumentException(other.toString());
      }
      return answers;
    }

    boolean idle() {
      return core.reign().filter(reign -> reign.moves().open().isEmpty()).isPresent();
    }

    void die() {
      world.note(name + " dies");
      ended = true;
      process.dead = true;
    }

    /** An operator's migration, without asking whether it makes sense. */
    void migrate(String vm, String to) {
      core.reign()
          .ifPresent(reign ->
              reign
                  .book()
                  .vmNamed(vm)
                  .filter(record -> !record.placement().host().equals(Optional.of(to)))
                  .ifPresent(record -> {
                    Optional<String> refused =
                        reign.planning().move(record, to, true, "chance", id -> {}, failure -> {});
                    world.note(name + " moves " + vm + " to " + to + " " + refused.orElse(""));
                  }));
    }

    /** An agent tells what it remembers of a machine. */
    void remember(VmHistory history) {
      core.onHistory(history);
    }

    void report(Host host, Instant startedAt, List<AgentReport.VmReport> vms) {
      if (!ended) {
        TestInbox<AgentCommand> unused = TestInbox.create();
        core.onReport(
            new AgentReport(
                host.name,
                unused.getRef(),
                world.now(),
                startedAt,
                Duration.ofSeconds(1),
                host.traits,
                vms));
      }
    }

    private final class SimShell implements Shell {
      @Override
      public Instant now() {
        return world.now();
      }

      private void later(Duration delay, Runnable task) {
        world.after(
            delay,
            () -> {
              if (!ended) {
                task.run();
              }
            });
      }

      @Override
      public <T> void blocking(Callable<T> call, Consumer<T> done, Consumer<Exception> failed) {
        List<Runnable> then = new ArrayList<>();
        world.fiber(
            process,
            () -> {
              try {
                T result = call.call();
                then.add(() -> done.accept(result));
              } catch (Exception e) {
                then.add(() -> failed.accept(e));
              }
            },
            () -> later(world.moment(), then.getFirst()));
      }

      @Override
      public <T> void await(
          CompletableFuture<T> future, Consumer<T> done, Consumer<Exception> failed) {
        T result = future.join();
        later(world.moment(), () -> done.accept(result));
      }

      @Override
      public void after(Duration delay, Runnable task) {
        later(delay, task);
      }

      @Override
      public void order(
          String host,
          Order order,
          String vm,
          AgentStep step,
          Duration limit,
          Consumer<Answer> then) {
        Object token = new Object();
        Set<Object> open = waiting.computeIfAbsent(host, ignored -> new HashSet<>());
        open.add(token);
        Consumer<Answer> once =
            answer -> {
              if (open.remove(token)) {
                then.accept(answer);
              }
            };
        later(limit, () -> once.accept(new Answer.Silent("no answer")));
        tokens.put(token, once);
        Host target = hosts.get(host);
        if (target == null || cutOff || world.chance(world.trouble)) {
          return;
        }
        world.after(
            world.moment(),
            () ->
                target.order(
                    order,
                    new VmId(vm),
                    step,
                    reply -> {
                      if (!world.chance(world.trouble)) {
                        later(world.moment(), () -> once.accept(new Answer.Replied(reply)));
                      }
                    }));
      }

      private final Map<Object, Consumer<Answer>> tokens = new HashMap<>();

      @Override
      public void agentReplaced(String host) {
        List<Object> open = List.copyOf(waiting.getOrDefault(host, Set.of()));
        for (Object token : open) {
          Consumer<Answer> once = tokens.get(token);
          if (once != null) {
            later(Duration.ofMillis(1), () -> once.accept(new Answer.Silent("agent replaced")));
          }
        }
      }

      @Override
      public void askHistory(String host) {}

      @Override
      public void handOnHistory(String vm, String from, String to) {}

      @Override
      public void giveUp(Exception why) {
        world.note(name + " gives up: " + why.getMessage());
        ended = true;
      }
    }
  }

  /** Switches hosts at once, and what runs on them with them. */
  private final class SimPower implements PowerDriver {
    @Override
    public CompletableFuture<Void> powerOn(String host) {
      if (!host(host).up()) {
        host(host).start();
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> powerOff(String host) {
      if (host(host).up()) {
        host(host).die();
      }
      machines.processes.stream().filter(vm -> vm.host().equals(host)).forEach(SimVm::crash);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public PowerStatus status(String host) {
      return host(host).up() ? PowerStatus.ON : PowerStatus.OFF;
    }
  }
}
