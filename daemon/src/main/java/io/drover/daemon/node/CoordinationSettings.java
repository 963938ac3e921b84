package io.drover.daemon.node;

import io.drover.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How ZooKeeper is reached, and how the embedded one is made up ({@code drover.coordination}).
 *
 * @param connect connect string of an external ensemble; empty for the embedded one
 * @param peers the embedded ensemble; empty for a single one on this node
 * @param chroot the installation's part of the tree
 * @param tick ZooKeeper's unit of time
 * @param sessionTimeout silence after which ephemeral registrations are gone
 * @param connectTimeout how long to try to reach it
 * @param retainedSnapshots snapshots that a purge leaves
 */
public record CoordinationSettings(
    String connect,
    List<Peer> peers,
    String chroot,
    Duration tick,
    Duration sessionTimeout,
    Duration connectTimeout,
    int retainedSnapshots) {
  private static final int SOLE_CLIENT_PORT = 7610;

  /**
   * One peer of the embedded ensemble.
   *
   * @param id id of the node it runs in
   */
  public record Peer(String id, String address, int clientPort, int quorumPort, int electionPort) {

    private static Peer read(ConfigReader r) {
      return new Peer(
          r.string("id"),
          r.string("address"),
          r.integer("client-port", 1, 65_535),
          r.integer("quorum-port", 1, 65_535),
          r.integer("election-port", 1, 65_535));
    }
  }

  /** Copies the peers. */
  public CoordinationSettings {
    peers = List.copyOf(peers);
  }

  /**
   * Reads {@code drover.coordination}; a coordination node must be among the peers, unless it is
   * the only one.
   */
  public static CoordinationSettings read(ConfigReader root, NodeSettings node) {
    ConfigReader r = root.section("drover").section("coordination");
    String connect = r.string("connect");
    List<Peer> peers = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (ConfigReader section : r.sections("peers")) {
      Peer peer = Peer.read(section);
      peers.add(peer);
      if (!ids.add(peer.id())) {
        section.reject("id", "an id that no other peer has");
      }
    }
    boolean coordinates = node.has(Role.COORDINATION);
    if (!connect.isEmpty() && !peers.isEmpty()) {
      r.reject(
          "connect",
          "empty while peers are listed: either an external ZooKeeper or embedded peers");
    } else if (connect.isEmpty() && peers.isEmpty() && coordinates) {
      peers.add(
          new Peer(
              node.id(),
              node.address(),
              SOLE_CLIENT_PORT,
              SOLE_CLIENT_PORT + 1,
              SOLE_CLIENT_PORT + 2));
    } else if (!peers.isEmpty() && coordinates && !ids.contains(node.id())) {
      r.reject(
          "peers",
          "a list that contains this node ("
              + node.id()
              + "), because it has the role coordination");
    } else if (connect.isEmpty() && peers.isEmpty()) {
      r.reject(
          "connect",
          "a connect string, or peers, because this node does not have the role coordination");
    }
    String chroot = r.string("chroot");
    if (!chroot.matches("/[a-z0-9-]+(/[a-z0-9-]+)*")) {
      r.reject("chroot", "a path such as /drover");
    }
    Duration tick = r.duration("tick", Duration.ofMillis(100), Duration.ofSeconds(10));
    return new CoordinationSettings(
        connect,
        peers,
        chroot,
        tick,
        r.duration("session-timeout", tick.multipliedBy(2), tick.multipliedBy(20)),
        r.duration("connect-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
        r.integer("retained-snapshots", 3, 1_000));
  }

  /** What clients connect to. */
  public String connectString() {
    return connect.isEmpty()
        ? peers.stream()
            .map(p -> p.address() + ":" + p.clientPort())
            .collect(Collectors.joining(","))
        : connect;
  }
}
