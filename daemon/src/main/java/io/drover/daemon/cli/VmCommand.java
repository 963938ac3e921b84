package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover vm}. */
@Command(
    name = "vm",
    mixinStandardHelpOptions = true,
    description = "Works on virtual machines.",
    subcommands = {
      VmCommand.Create.class,
      VmCommand.Start.class,
      VmCommand.Stop.class,
      VmCommand.Reset.class,
      VmCommand.Delete.class,
      VmCommand.ListAll.class,
      ConsoleCommand.class,
      VmCommand.Migrate.class,
      VmCommand.SetMode.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class VmCommand {
  private static final long MEBIBYTE = 1L << 20;

  static void show(ApiCommand command, JsonNode answer) {
    if (command.printedAsJson(answer)) {
      return;
    }
    Table table =
        new Table(
            "VM",
            "HOST",
            "STATE",
            ">CPUS",
            ">MEMORY",
            ">USED",
            ">DEMAND",
            ">FORECAST",
            "DISKS",
            "TROUBLE");
    for (JsonNode v : answer.path("vms")) {
      table.row(
          v.path("name").asText(),
          Show.text(v.path("host")),
          v.path("state").asText(),
          v.path("vcpus").asText(),
          Show.bytes(v.path("memoryBytes").asLong()),
          Show.cores(v.path("cpuUsedCores")),
          Show.cores(v.path("cpuDemandCores")),
          Show.cores(v.path("forecastCores")),
          Show.list(v.path("disks")),
          Show.text(v.path("trouble")));
    }
    table.print(command.out(), "no VMs; `drover vm create --help` tells how to make one");
  }

  /** {@code drover vm list}. */
  @Command(
      name = "list",
      description = "Shows the VMs.",
      footer = {"", "Example:", "  drover vm list --json"})
  static final class ListAll extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      show(this, api.get("/v1/vms"));
    }
  }

  enum Mode {
    AUTOMATIC,
    RECOMMEND,
    OFF
  }

  /** {@code drover vm create}. */
  @Command(
      name = "create",
      description = "Records a VM; it runs after `drover vm start`, or at once with --start.",
      footer = {
        "",
        "Examples:",
        "  drover vm create web1 --cpus 1 --memory 512M --disk web1-root --start",
        "  drover vm create tiny --memory 96M --kernel /boot/vmlinuz --initrd /srv/tiny.cpio --append 'console=ttyS0 quiet'"
      })
  static final class Create extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Unique in the cluster.")
    private String name = "";

    @Option(
        names = "--cpus",
        paramLabel = "N",
        description = "Virtual CPUs (default: ${DEFAULT-VALUE}).",
        defaultValue = "1")
    private int cpus;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        description = "Memory (default: ${DEFAULT-VALUE}).",
        defaultValue = "512M",
        converter = ByteSize.class)
    private long memoryBytes;

    @Option(
        names = "--disk",
        paramLabel = "DISK",
        description =
            "A disk by name or id; repeat for more. The first is the one to boot from, unless --kernel is given.")
    private List<String> disks = new ArrayList<>();

    @Option(
        names = "--kernel",
        paramLabel = "FILE",
        description = "Boot this kernel; the file must exist on every host.")
    private @Nullable Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "Initial RAM disk for --kernel.")
    private @Nullable Path initrd;

    @Option(
        names = "--append",
        paramLabel = "TEXT",
        description = "Kernel command line for --kernel.",
        defaultValue = "")
    private String append = "";

    @Option(
        names = "--mac",
        paramLabel = "MAC",
        description = "Address of its network card; derived from the VM's id if not given.")
    private @Nullable String mac;

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        description = "What the scheduler may do with it: ${COMPLETION-CANDIDATES}.",
        defaultValue = "AUTOMATIC")
    private Mode mode = Mode.AUTOMATIC;

    @Option(
        names = "--allow-host",
        paramLabel = "HOST",
        description = "A host that may run it; repeat for more (default: all).")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(
        names = "--apart-from",
        paramLabel = "VM",
        description = "A VM that it must not share a host with; repeat for more.")
    private List<String> apartFrom = new ArrayList<>();

    @Option(
        names = "--reserve-cpu",
        paramLabel = "MILLICORES",
        description = "CPU kept free for it, in thousandths of a core.",
        defaultValue = "0")
    private int reservedMillicores;

    @Option(names = "--start", description = "Start it, too.")
    private boolean start;

    @Override
    void execute(ApiClient api) throws Exception {
      if (kernel == null && (initrd != null || !append.isEmpty())) {
        throw wrong("--initrd and --append only make sense with --kernel");
      }
      if (memoryBytes % MEBIBYTE != 0) {
        throw wrong("--memory must be a multiple of 1M");
      }
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("vcpus", cpus);
      body.put("memoryMebibytes", memoryBytes / MEBIBYTE);
      body.put("disks", disks);
      body.put("mode", mode.name().toLowerCase(Locale.ROOT));
      body.put("allowedHosts", allowedHosts);
      body.put("apartFrom", apartFrom);
      body.put("reservedMillicores", reservedMillicores);
      if (kernel != null) {
        body.put("kernel", kernel.toAbsolutePath().toString());
        body.put("append", append);
      }
      if (initrd != null) {
        body.put("initrd", initrd.toAbsolutePath().toString());
      }
      if (mac != null) {
        body.put("mac", mac.toLowerCase(Locale.ROOT));
      }
      JsonNode created = api.post("/v1/vms", body);
      if (!start) {
        done(created, "VM " + name + " created; `drover vm start " + name + "` starts it");
        return;
      }
      follow(api, api.post("/v1/vms/" + ApiClient.part(name) + "/start", Map.of()), true);
    }
  }

  /** What commands on one VM share. */
  abstract static class OnVm extends ApiCommand {
    @Parameters(paramLabel = "VM", description = "Name or id.")
    private String vm = "";

    @Option(
        names = "--no-wait",
        description = "Return when the command is recorded, not when it is done.")
    private boolean noWait;

    /** Sends the command; the answer names an operation. */
    abstract JsonNode send(ApiClient api, String path) throws Exception;

    @Override
    void execute(ApiClient api) throws Exception {
      follow(api, send(api, "/v1/vms/" + ApiClient.part(vm)), !noWait);
    }
  }

  /** {@code drover vm start}. */
  @Command(
      name = "start",
      description = "Starts a VM.",
      footer = {"", "Examples:", "  drover vm start web1", "  drover vm start web1 --host host2"})
  static final class Start extends OnVm {
    @Option(
        names = "--host",
        paramLabel = "HOST",
        description = "Where; the scheduler chooses if not given.",
        defaultValue = "")
    private String host = "";

    @Override
    JsonNode send(ApiClient api, String path) throws Exception {
      return api.post(path + "/start", host.isEmpty() ? Map.of() : Map.of("host", host));
    }
  }

  /** {@code drover vm stop}. */
  @Command(
      name = "stop",
      description = "Stops a VM: asks the guest to power off, and ends it if it does not.",
      footer = {"", "Example:", "  drover vm stop web1"})
  static final class Stop extends OnVm {
    @Option(names = "--force", description = "Do not ask the guest: like pulling the plug.")
    private boolean force;

    @Override
    JsonNode send(ApiClient api, String path) throws Exception {
      return api.post(path + "/stop", Map.of("force", force));
    }
  }

  /** {@code drover vm reset}. */
  @Command(
      name = "reset",
      description = "Resets a VM, as by its reset button.",
      footer = {"", "Example:", "  drover vm reset web1"})
  static final class Reset extends OnVm {
    @Override
    JsonNode send(ApiClient api, String path) throws Exception {
      return api.post(path + "/reset", Map.of());
    }
  }

  /** {@code drover vm delete}. */
  @Command(
      name = "delete",
      description = "Forgets a stopped VM; its disks stay.",
      footer = {"", "Example:", "  drover vm delete web1"})
  static final class Delete extends OnVm {
    @Override
    JsonNode send(ApiClient api, String path) throws Exception {
      return api.delete(path);
    }
  }

  /** {@code drover vm migrate}. */
  @Command(
      name = "migrate",
      description = "Moves a running VM to another host.",
      footer = {"", "Example:", "  drover vm migrate web1 --to host2"})
  static final class Migrate extends OnVm {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "HOST",
        description = "The destination's node id.")
    private String to = "";

    @Override
    JsonNode send(ApiClient api, String path) throws Exception {
      return api.post(path + "/migrate", Map.of("to", to));
    }
  }

  /** {@code drover vm mode}. */
  @Command(
      name = "mode",
      description = "Sets what the scheduler may do with a VM by itself.",
      footer = {"", "Example:", "  drover vm mode web1 off"})
  static final class SetMode extends ApiCommand {
    @Parameters(index = "0", paramLabel = "VM", description = "Name or id.")
    private String vm = "";

    @Parameters(index = "1", paramLabel = "MODE", description = "One of ${COMPLETION-CANDIDATES}.")
    private Mode mode = Mode.AUTOMATIC;

    @Override
    void execute(ApiClient api) throws Exception {
      String word = mode.name().toLowerCase(Locale.ROOT);
      done(
          api.post("/v1/vms/" + ApiClient.part(vm) + "/mode", Map.of("mode", word)),
          "VM " + vm + " has mode " + word);
    }
  }
}
