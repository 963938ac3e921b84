package io.drover.daemon.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.drover.daemon.api.ApiRouter;
import io.drover.daemon.api.AttachRoutes;
import io.drover.daemon.api.ConsoleRoutes;
import io.drover.daemon.api.DiskRoutes;
import io.drover.daemon.api.HttpServer;
import io.drover.daemon.api.PassOn;
import io.drover.daemon.api.Peers;
import io.drover.daemon.api.SchedulerLink;
import io.drover.daemon.api.SchedulerRoutes;
import io.drover.daemon.api.VmRoutes;
import io.drover.hostagent.agent.SchedulerInbox;
import io.drover.hostagent.host.HostCatalog;
import io.drover.hostagent.host.HostRecord;
import io.drover.hostagent.host.HostTraits;
import io.drover.hostagent.vm.Accelerator;
import io.drover.hostagent.vm.VmPlatform;
import io.drover.scheduler.view.SchedulerCommand;
import io.drover.scheduler.view.SchedulerQuery;
import io.drover.scheduler.view.SchedulerView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The HTTP interface of a node whose disks, VMs, hosts and scheduler are lists in memory: there are
 * the disk {@code disk1} with the snapshot {@code snap1}, the host {@code host1} and, once a test
 * has made it, a VM.
 */
final class MemorySite implements AutoCloseable {
  final MemoryDisks disks = new MemoryDisks();
  final MemoryVms vms = new MemoryVms();
  final List<String> orders = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final ActorSystem<Void> actors;

  MemorySite() throws IOException {
    Config config =
        ConfigFactory.load()
            .withValue("pekko.actor.provider", ConfigValueFactory.fromAnyRef("local"));
    actors = ActorSystem.create(Behaviors.empty(), "memory", config);
    ApiRouter router = new ApiRouter();
    PassOn passOn = new PassOn(new Alone(), Duration.ofSeconds(5), executor);
    SchedulerLink scheduler = this::answer;
    DiskRoutes.register(router, disks, vms, Optional.empty(), passOn);
    AttachRoutes.register(router, disks, vms, Optional.empty(), Optional.empty(), passOn);
    VmRoutes.register(
        router,
        vms,
        new OneHost(),
        disks,
        Optional.of(new VmPlatform("pc-i440fx-7.2", "qemu64", Accelerator.TCG)),
        scheduler,
        passOn);
    ConsoleRoutes.register(router, vms, Optional.empty(), passOn);
    SchedulerRoutes.register(router, scheduler);
    router.on("GET", "/v1/status", call -> Map.of("nodes", List.of()));
    server = HttpServer.open("127.0.0.1", 0, 16, router, executor, config);
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Everything that was changed, whoever was asked to. */
  List<String> changes() {
    List<String> all = new ArrayList<>(disks.changes());
    all.addAll(vms.changes());
    all.addAll(orders);
    return all;
  }

  void forgetChanges() {
    disks.changes().clear();
    vms.changes().clear();
    orders.clear();
  }

  /** How a command ended. */
  record Ended(int exitCode, String out, String err) {}

  /** Runs a command of {@code drover}. */
  static Ended run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        DroverCommand.run(
            words,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private SchedulerView answer(Function<ActorRef<SchedulerView>, SchedulerInbox> question) {
    SchedulerInbox message = question.apply(actors.ignoreRef());
    return switch (message) {
      case SchedulerQuery query -> answer(query);
      case SchedulerCommand command -> answer(command);
      default -> throw new IllegalStateException("not asked by the HTTP interface: " + message);
    };
  }

  private static SchedulerView answer(SchedulerQuery query) {
    return switch (query) {
      case SchedulerQuery.GetHosts hosts -> new SchedulerView.Hosts(List.of());
      case SchedulerQuery.GetVms all -> new SchedulerView.Vms(List.of());
      case SchedulerQuery.GetMoves moves -> new SchedulerView.Moves(List.of());
      case SchedulerQuery.GetPlan plan ->
          new SchedulerView.PlanShown("p7", 0, "recommend", List.of(), List.of());
      case SchedulerQuery.GetStatus status -> unknown("status");
      case SchedulerQuery.ExplainVm explain -> unknown("VM " + explain.vm());
      case SchedulerQuery.ExplainHost explain -> unknown("host " + explain.host());
      case SchedulerQuery.GetOperation operation -> unknown("operation " + operation.id());
    };
  }

  private SchedulerView answer(SchedulerCommand command) {
    return switch (command) {
      case SchedulerCommand.MigrateVm c -> onVm(c.vm(), "migrate");
      case SchedulerCommand.StartVm c -> onVm(c.vm(), "start");
      case SchedulerCommand.StopVm c -> onVm(c.vm(), "stop");
      case SchedulerCommand.ResetVm c -> onVm(c.vm(), "reset");
      case SchedulerCommand.DeleteVm c -> onVm(c.vm(), "delete");
      case SchedulerCommand.DrainHost c -> onHost(c.host(), "drain");
      case SchedulerCommand.UndrainHost c -> onHost(c.host(), "undrain");
      case SchedulerCommand.StandbyHost c -> onHost(c.host(), "standby");
      case SchedulerCommand.WakeHost c -> onHost(c.host(), "wake");
      case SchedulerCommand.SetMode c -> accepted("mode " + c.mode());
      case SchedulerCommand.ApprovePlan c -> accepted("approve " + c.planId());
      case SchedulerCommand.RejectPlan c -> accepted("reject " + c.planId());
    };
  }

  private SchedulerView onVm(String vm, String order) {
    return vms.find(vm).isEmpty() ? unknown("VM '" + vm + "'") : accepted(order + " " + vm);
  }

  private SchedulerView onHost(String host, String order) {
    return host.equals("host1") ? accepted(order + " " + host) : unknown("host '" + host + "'");
  }

  private SchedulerView accepted(String order) {
    orders.add(order);
    return new SchedulerView.Accepted("", order + " accepted");
  }

  private static SchedulerView unknown(String what) {
    return new SchedulerView.Refused(SchedulerView.Reason.NOT_FOUND, "there is no " + what);
  }

  @Override
  public void close() {
    server.close();
    actors.terminate();
    executor.shutdownNow();
  }

  private record Alone() implements Peers {
    @Override
    public String own() {
      return "host1";
    }

    @Override
    public Optional<String> apiOf(String node) {
      return Optional.empty();
    }

    @Override
    public List<String> withRole(String role) {
      return List.of();
    }
  }

  private record OneHost() implements HostCatalog {
    @Override
    public List<HostRecord> list() {
      return List.of(
          HostRecord.discovered(
              "host1",
              new HostTraits(2, 1L << 30, "127.0.0.1", "TCG", "pc-i440fx-7.2", "qemu64", ""),
              Instant.EPOCH));
    }

    @Override
    public Optional<HostRecord> find(String host) {
      return list().stream().filter(h -> h.host().equals(host)).findFirst();
    }

    @Override
    public HostRecord change(HostRecord next) {
      throw new IllegalStateException("the HTTP interface does not change hosts");
    }
  }
}
