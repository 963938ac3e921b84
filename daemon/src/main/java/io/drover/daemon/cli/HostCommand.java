package io.drover.daemon.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drover host}. */
@Command(
    name = "host",
    mixinStandardHelpOptions = true,
    description = "Works on one host.",
    subcommands = {
      HostCommand.Drain.class,
      HostCommand.Undrain.class,
      HostCommand.Maintenance.class,
      HostCommand.Standby.class,
      HostCommand.Wake.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class HostCommand {

  /** What these commands share: a host, and an operation to follow. */
  abstract static class OnHost extends ApiCommand {
    @Parameters(index = "0", paramLabel = "HOST", description = "The host's node id.")
    private String host = "";

    @Option(
        names = "--no-wait",
        description = "Return when the command is recorded, not when it is done.")
    private boolean noWait;

    abstract String action();

    @Override
    void execute(ApiClient api) throws Exception {
      follow(
          api, api.post("/v1/hosts/" + ApiClient.part(host) + "/" + action(), Map.of()), !noWait);
    }
  }

  /** {@code drover host drain}. */
  @Command(
      name = "drain",
      description = "Moves all VMs off a host and starts none there, for maintenance.",
      footer = {"", "Example:", "  drover host drain host2"})
  static final class Drain extends OnHost {
    @Override
    String action() {
      return "drain";
    }
  }

  /** {@code drover host undrain}. */
  @Command(
      name = "undrain",
      description = "Lets a drained host take VMs again.",
      footer = {"", "Example:", "  drover host undrain host2"})
  static final class Undrain extends OnHost {
    @Override
    String action() {
      return "undrain";
    }
  }

  /** {@code drover host standby}. */
  @Command(
      name = "standby",
      description = "Moves all VMs off a host and powers it off.",
      footer = {"", "Example:", "  drover host standby host4"})
  static final class Standby extends OnHost {
    @Override
    String action() {
      return "standby";
    }
  }

  /** {@code drover host wake}. */
  @Command(
      name = "wake",
      description = "Powers a host on.",
      footer = {"", "Example:", "  drover host wake host4"})
  static final class Wake extends OnHost {
    @Override
    String action() {
      return "wake";
    }
  }

  enum OnOff {
    ON,
    OFF
  }

  /** {@code drover host maintenance}. */
  @Command(
      name = "maintenance",
      description =
          "Begins (on) or ends (off) maintenance of a host; the same as `drain` and `undrain`.",
      footer = {
        "",
        "Examples:",
        "  drover host maintenance host2",
        "  drover host maintenance host2 off"
      })
  static final class Maintenance extends OnHost {
    @Parameters(
        index = "1",
        arity = "0..1",
        defaultValue = "ON",
        paramLabel = "on|off",
        description = "What shall be from now on (default: on).")
    private OnOff wanted = OnOff.ON;

    @Override
    String action() {
      return switch (wanted) {
        case ON -> "drain";
        case OFF -> "undrain";
      };
    }
  }
}
