package io.drover.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover disk}. */
@Command(
    name = "disk",
    mixinStandardHelpOptions = true,
    description = "Works on virtual disks.",
    subcommands = {
      DiskCommand.Create.class,
      DiskCommand.ListAll.class,
      DiskCommand.Resize.class,
      DiskCommand.Delete.class,
      ImportCommand.class,
      ExportCommand.class,
      DiskCommand.Snapshot.class,
      DiskCommand.Revert.class,
      DiskCommand.CloneDisk.class,
      DiskCommand.Attach.class,
      DiskCommand.Detach.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class DiskCommand {

  enum Acknowledge {
    PAGE_CACHE,
    DURABLE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static void show(ApiCommand command, JsonNode answer) {
    if (command.printedAsJson(answer)) {
      return;
    }
    Table table =
        new Table(
            "DISK",
            ">SIZE",
            ">REPLICAS",
            "HELD BY",
            "CONTAINERS",
            "SNAPSHOTS",
            "REPLICAS ON",
            "ID");
    for (JsonNode d : answer.path("disks")) {
      int degraded = d.path("degradedContainers").asInt();
      table.row(
          d.path("name").asText(),
          Show.bytes(d.path("sizeBytes").asLong()),
          d.path("replicas").asText(),
          Show.text(d.path("holder")),
          d.path("containers").asText() + (degraded == 0 ? "" : ", " + degraded + " degraded"),
          Show.list(d.path("snapshots")),
          Show.list(d.path("nodes")),
          d.path("id").asText());
    }
    table.print(command.out(), "no disks; `drover disk create --help` tells how to make one");
  }

  /** A disk's policy on the command line. */
  static final class PolicyOptions {
    @Option(
        names = "--replicas",
        paramLabel = "N",
        description = "Copies on different nodes (default: ${DEFAULT-VALUE}).",
        defaultValue = "3")
    private int replicas;

    @Option(
        names = "--min-in-sync",
        paramLabel = "N",
        description = "Writes wait while fewer copies are up to date (default: a majority).",
        defaultValue = "0")
    private int minInSync;

    @Option(
        names = "--block-size",
        paramLabel = "SIZE",
        description = "Unit of checksums and versions (default: ${DEFAULT-VALUE}).",
        defaultValue = "4K",
        converter = ByteSize.class)
    private long blockSizeBytes;

    @Option(
        names = "--container-size",
        paramLabel = "SIZE",
        description = "Unit of placement (default: ${DEFAULT-VALUE}).",
        defaultValue = "1G",
        converter = ByteSize.class)
    private long containerBytes;

    @Option(
        names = "--acknowledge",
        paramLabel = "WHEN",
        description = "When a write counts as done: ${COMPLETION-CANDIDATES}.",
        defaultValue = "page-cache")
    private Acknowledge acknowledge = Acknowledge.PAGE_CACHE;

    long blockSizeBytes() {
      return blockSizeBytes;
    }

    Map<String, Object> request(String name, long sizeBytes) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("sizeBytes", sizeBytes);
      body.put("replicas", replicas);
      if (minInSync != 0) {
        body.put("minInSync", minInSync);
      }
      body.put("blockSizeBytes", blockSizeBytes);
      body.put("containerBytes", containerBytes);
      body.put("acknowledge", acknowledge.toString());
      return body;
    }
  }

  /** {@code drover disk create}. */
  @Command(
      name = "create",
      description = "Makes an empty disk.",
      footer = {
        "",
        "Examples:",
        "  drover disk create web1-root --size 10G",
        "  drover disk create --size 1G --replicas 3",
        "  drover disk create db --size 100G --replicas 3 --acknowledge durable"
      })
  static final class Create extends ApiCommand {
    @Parameters(
        arity = "0..1",
        paramLabel = "NAME",
        description = "Unique in the cluster; made up if not given.")
    private @Nullable String name;

    @Option(
        names = "--size",
        required = true,
        paramLabel = "SIZE",
        description = "Such as 512M, 10G or 1T.",
        converter = ByteSize.class)
    private long sizeBytes;

    @Mixin private PolicyOptions policy = new PolicyOptions();

    @Override
    void execute(ApiClient api) throws Exception {
      String chosen =
          name == null
              ? "disk-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX)
              : name;
      JsonNode created = api.post("/v1/disks", policy.request(chosen, sizeBytes));
      done(created, "disk " + chosen + " created on " + Show.list(created.path("nodes")));
    }
  }

  /** {@code drover disk list}. */
  @Command(
      name = "list",
      description = "Shows the disks with their replicas.",
      footer = {"", "Example:", "  drover disk list"})
  static final class ListAll extends ApiCommand {
    @Override
    void execute(ApiClient api) throws Exception {
      show(this, api.get("/v1/disks"));
    }
  }

  /** What commands on one disk share. */
  abstract static class OnDisk extends ApiCommand {
    @Parameters(index = "0", paramLabel = "DISK", description = "Name or id.")
    private String disk = "";

    final String disk() {
      return disk;
    }

    final String path() throws CliException {
      return "/v1/disks/" + ApiClient.part(disk);
    }
  }

  /** {@code drover disk resize}. */
  @Command(
      name = "resize",
      description = "Grows a disk; a VM sees it after a restart.",
      footer = {"", "Example:", "  drover disk resize web1-root --size 20G"})
  static final class Resize extends OnDisk {
    @Option(
        names = "--size",
        required = true,
        paramLabel = "SIZE",
        description = "The new size, not smaller than the old one.",
        converter = ByteSize.class)
    private long sizeBytes;

    @Override
    void execute(ApiClient api) throws Exception {
      done(
          api.post(path() + "/resize", Map.of("sizeBytes", sizeBytes)),
          "disk " + disk() + " has " + Show.bytes(sizeBytes) + " now");
    }
  }

  /** {@code drover disk delete}. */
  @Command(
      name = "delete",
      description = "Deletes a disk, or one of its snapshots, for ever.",
      footer = {
        "",
        "Examples:",
        "  drover disk delete old",
        "  drover disk delete web1-root --snapshot before-upgrade"
      })
  static final class Delete extends OnDisk {
    @Option(
        names = "--snapshot",
        paramLabel = "NAME",
        description = "Delete only this snapshot.",
        defaultValue = "")
    private String snapshot = "";

    @Override
    void execute(ApiClient api) throws Exception {
      if (snapshot.isEmpty()) {
        done(api.delete(path()), "disk " + disk() + " deleted");
      } else {
        done(
            api.delete(path() + "/snapshots/" + ApiClient.part(snapshot)),
            "snapshot " + snapshot + " of disk " + disk() + " deleted");
      }
    }
  }

  /** {@code drover disk snapshot}. */
  @Command(
      name = "snapshot",
      description = "Keeps the disk's content of this moment; also while a VM uses it.",
      footer = {"", "Example:", "  drover disk snapshot web1-root before-upgrade"})
  static final class Snapshot extends OnDisk {
    @Parameters(index = "1", paramLabel = "NAME", description = "Name of the snapshot.")
    private String name = "";

    @Override
    void execute(ApiClient api) throws Exception {
      done(
          api.post(path() + "/snapshots", Map.of("name", name)),
          "snapshot " + name + " of disk " + disk() + " made");
    }
  }

  /** {@code drover disk revert}. */
  @Command(
      name = "revert",
      description = "Brings a snapshot's content back; what was written since is given up.",
      footer = {"", "Example:", "  drover disk revert web1-root before-upgrade"})
  static final class Revert extends OnDisk {
    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "Name of the snapshot.")
    private String snapshot = "";

    @Override
    void execute(ApiClient api) throws Exception {
      done(
          api.post(path() + "/revert", Map.of("snapshot", snapshot)),
          "disk " + disk() + " reads as at snapshot " + snapshot);
    }
  }

  /** {@code drover disk clone}. */
  @Command(
      name = "clone",
      description = "Makes a new disk out of a snapshot; nothing is copied.",
      footer = {"", "Example:", "  drover disk clone web1-root before-upgrade web1-test"})
  static final class CloneDisk extends OnDisk {
    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "Name of the snapshot.")
    private String snapshot = "";

    @Parameters(index = "2", paramLabel = "NEW-NAME", description = "Name of the new disk.")
    private String newName = "";

    @Override
    void execute(ApiClient api) throws Exception {
      done(
          api.post(path() + "/clone", Map.of("snapshot", snapshot, "name", newName)),
          "disk " + newName + " made");
    }
  }

  /** {@code drover disk attach}. */
  @Command(
      name = "attach",
      description = {
        "Opens a disk by NBD for tools such as nbdinfo, qemu-img or fio, until `drover disk detach`.",
        "No VM can use it meanwhile."
      },
      footer = {
        "",
        "Examples:",
        "  drover disk attach web1-root",
        "  qemu-io -f raw -c 'read 0 4k' \"$(drover disk attach web1-root --uri)\""
      })
  static final class Attach extends OnDisk {
    @Option(names = "--uri", description = "Print the NBD URI and nothing else.")
    private boolean uriOnly;

    @Override
    void execute(ApiClient api) throws Exception {
      JsonNode attached = api.post(path() + "/attach", Map.of());
      List<String> lines = new ArrayList<>();
      attached.path("uris").forEach(uri -> lines.add(uri.asText()));
      if (uriOnly) {
        out().println(attached.path("uri").asText());
      } else {
        done(
            attached,
            "disk "
                + disk()
                + " is open on "
                + attached.path("node").asText()
                + " at\n  "
                + String.join("\n  ", lines));
      }
    }
  }

  /** {@code drover disk detach}. */
  @Command(
      name = "detach",
      description = "Ends what `drover disk attach` began.",
      footer = {
        "",
        "Examples:",
        "  drover disk detach web1-root",
        "  drover disk detach web1-root --force"
      })
  static final class Detach extends OnDisk {
    @Option(
        names = "--force",
        description =
            "Take the lease away from a node that does not run; what it had not written is lost.")
    private boolean force;

    @Override
    void execute(ApiClient api) throws Exception {
      done(api.post(path() + "/detach", Map.of("force", force)), "disk " + disk() + " is closed");
    }
  }
}
