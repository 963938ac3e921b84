package io.drover.daemon.cluster;

import com.typesafe.config.ConfigUtil;
import io.drover.daemon.demo.site.Ports;
import io.drover.daemon.demo.site.RunFolder;
import io.drover.daemon.node.Role;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings files of a cluster under test: quick to notice a loss, and with a scheduler that does
 * nothing by itself.
 *
 * @param addresses of the nodes, in their order
 * @param connect of a ZooKeeper outside of the cluster; empty when the nodes bring their own
 * @param added to each file, at its end
 */
record TestSettings(
    RunFolder folder, List<String> addresses, Ports ports, String connect, String added) {
  private static final int PEERS = 3;

  TestSettings {
    addresses = List.copyOf(addresses);
  }

  String of(int index, String id, Set<Role> roles) {
    return """
    drover.node { id = %s, address = "%s", roles = [%s], data-dir = "%s", run-dir = "%s" }
    drover.api.port = %d
    drover.cluster { port = %d, stable-after = 4s, acceptable-heartbeat-pause = 4s }
    drover.coordination { tick = 500ms, session-timeout = 5s, connect = "%s", peers = [
    %s
    ] }
    drover.storage.replica { port = %d, request-timeout = 3s }
    drover.storage.nbd.tcp-port = 0
    drover.agent {
      sample-interval = 1s
      supervision.check-interval = 500ms
      hypervisor.accelerator = tcg
      network.mode = none
      capacity { cpu-cores = 1, memory = 2G }
      power { driver = process, off-grace = 20s, on-timeout = 60s, hosts = [
    %s
      ] }
    }
    drover.scheduler {
      mode = off
      plan-interval = 2s
      refresh-interval = 500ms
      execution { report-stale-after = 5s, host-lost-after = 20s, step-timeout = 30s, retry-delay = 500ms }
    }
    %s
    """
        .formatted(
            id,
            addresses.get(index),
            roles.stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")),
            folder.dataDir(id),
            folder.runDir(id),
            ports.api(),
            ports.cluster(),
            connect,
            connect.isEmpty() ? peers() : "",
            ports.replica(),
            switchable(),
            added);
  }

  private String peers() {
    StringBuilder peers = new StringBuilder();
    for (int i = 0; i < Math.min(PEERS, addresses.size()); i++) {
      peers.append(
          "  { id = host%d, address = \"%s\", client-port = %d, quorum-port = %d, election-port = %d }\n"
              .formatted(
                  i + 1,
                  addresses.get(i),
                  ports.zooKeeperClient(),
                  ports.zooKeeperQuorum(),
                  ports.zooKeeperElection()));
    }
    return peers.toString();
  }

  /** Nodes that keep nothing can be switched off and on. */
  private String switchable() {
    StringBuilder hosts = new StringBuilder();
    for (int i = PEERS; i < addresses.size(); i++) {
      String id = "host" + (i + 1);
      hosts.append(
          "  { host = %s, command = [%s], directory = \"%s\", pid-file = \"%s\", log-file = \"%s\" }\n"
              .formatted(
                  id,
                  NodeProcess.command("node", "--config", folder.config(id).toString()).stream()
                      .map(ConfigUtil::quoteString)
                      .collect(Collectors.joining(", ")),
                  folder.root(),
                  folder.pidFile(id),
                  folder.log(id)));
    }
    return hosts.toString();
  }
}
