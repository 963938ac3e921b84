package io.drover.daemon.demo.site;

import com.typesafe.config.ConfigUtil;
import io.drover.daemon.demo.load.FleetShape;
import io.drover.hostagent.vm.Accelerator;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the settings of the demo's nodes: what differs between them, above what they share.
 *
 * @param shared the text of the file {@code demo.conf}
 * @param enforced whether a control group holds each host to its share of the machine
 * @param accelerator found out once for all nodes
 * @param nodeCommand the command line of a node, without the path of its settings
 */
public record NodeConfigs(
    RunFolder folder,
    Ports ports,
    FleetShape fleet,
    GuestNetwork network,
    boolean enforced,
    Accelerator accelerator,
    List<String> nodeCommand,
    String shared) {
  private static final double MILLICORES = 1_000.0;

  /** Address of a host. */
  public String address(String host) {
    return "127.0.0." + (fleet.hosts().indexOf(host) + 1);
  }

  /** Base URL of a host's HTTP interface. */
  public String api(String host) {
    return "http://" + address(host) + ":" + ports.api();
  }

  /** The host that may sleep: it keeps no data and no vote. */
  public String sleeper() {
    return fleet.hosts().getLast();
  }

  /** The command that runs a host's node. */
  public List<String> command(String host) {
    return java.util.stream.Stream.concat(
            nodeCommand.stream(),
            java.util.stream.Stream.of("node", "--config", folder.config(host).toString()))
        .toList();
  }

  /** The whole file of one host. */
  public String text(String host) {
    boolean sleeps = host.equals(sleeper());
    return """
    # Settings of %s in the demo run %s.
    drover.node { id = %s, address = "%s", roles = [%s], data-dir = %s, run-dir = %s }
    drover.api.port = %d
    drover.cluster.port = %d
    drover.coordination.peers = [
    %s
    ]
    drover.storage.replica.port = %d
    drover.storage.nbd.tcp-port = 0
    drover.agent.network %s
    drover.agent.hypervisor.accelerator = %s
    drover.agent.capacity { cpu-cores = %.3f, enforce = %s, cgroup = "%s" }
    drover.agent.power {
      driver = process
      hosts = [{ host = %s, command = [%s], directory = %s, pid-file = %s, log-file = %s }]
    }

    """
            .formatted(
                host,
                folder.name(),
                host,
                address(host),
                sleeps ? "agent" : "coordination, storage, agent, scheduler",
                quoted(folder.dataDir(host)),
                quoted(folder.runDir(host)),
                ports.api(),
                ports.cluster(),
                fleet.hosts().stream()
                    .filter(h -> !h.equals(sleeper()))
                    .map(this::peer)
                    .collect(Collectors.joining("\n")),
                ports.replica(),
                network.settings(),
                accelerator.name().toLowerCase(Locale.ROOT),
                fleet.hostMillicores() / MILLICORES,
                enforced ? "on" : "off",
                folder.name(),
                sleeper(),
                command(sleeper()).stream()
                    .map(ConfigUtil::quoteString)
                    .collect(Collectors.joining(", ")),
                quoted(folder.root()),
                quoted(folder.pidFile(sleeper())),
                quoted(folder.log(sleeper())))
        + shared;
  }

  private String peer(String host) {
    return String.format(
        Locale.ROOT,
        "  { id = %s, address = \"%s\", client-port = %d, quorum-port = %d, election-port = %d }",
        host,
        address(host),
        ports.zooKeeperClient(),
        ports.zooKeeperQuorum(),
        ports.zooKeeperElection());
  }

  private static String quoted(Path path) {
    return ConfigUtil.quoteString(path.toString());
  }
}
