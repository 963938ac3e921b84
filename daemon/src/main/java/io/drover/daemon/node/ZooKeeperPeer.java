package io.drover.daemon.node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.apache.zookeeper.util.ServiceUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer of the embedded ZooKeeper: a member of a quorum, or a server alone when the settings
 * list a single peer.
 *
 * <p>ZooKeeper's own main classes run it on a thread of ours. Their wish to end the process on a
 * fatal error is turned into a report: VMs' disks are served by this process too, and must not die
 * with ZooKeeper.
 */
final class ZooKeeperPeer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ZooKeeperPeer.class);
  private static final int TICKS_TO_FOLLOW = 30;
  private static final int TICKS_TO_LAG = 10;

  private final Thread thread;
  private final Runnable stop;
  private final DatadirCleanupManager purge;

  private ZooKeeperPeer(Thread thread, Runnable stop, DatadirCleanupManager purge) {
    this.thread = thread;
    this.stop = stop;
    this.purge = purge;
  }

  /** Starts the peer of this node; does not wait for a quorum. */
  static ZooKeeperPeer start(NodeSettings node, CoordinationSettings settings) throws IOException {
    Path data = Files.createDirectories(node.dataDir().resolve("zookeeper"));
    int serverNumber = serverNumber(node, settings.peers());
    Files.writeString(data.resolve("myid"), serverNumber + "\n", StandardCharsets.US_ASCII);
    System.setProperty("zookeeper.admin.enableServer", "false");
    System.setProperty("zookeeper.jmx.log4j.disable", "true");
    // The log file grows in steps of this many KiB; the default of 64 MiB is much for a small
    // machine.
    System.setProperty("zookeeper.preAllocSize", "1024");
    ServiceUtils.setSystemExitProcedure(code ->
        log.error(
            "ZooKeeper's peer gave up and has to be restarted with its node; exit code={}", code));

    QuorumPeerConfig config = new QuorumPeerConfig();
    try {
      config.parseProperties(properties(settings, data, serverNumber));
    } catch (QuorumPeerConfig.ConfigException refused) {
      throw new IOException(
          "ZooKeeper refuses its generated settings: " + refused.getMessage(), refused);
    }
    DatadirCleanupManager purge =
        new DatadirCleanupManager(data.toFile(), data.toFile(), settings.retainedSnapshots(), 1);
    purge.start();
    return settings.peers().size() > 1 ? startMember(config, purge) : startAlone(config, purge);
  }

  private static ZooKeeperPeer startMember(QuorumPeerConfig config, DatadirCleanupManager purge) {
    QuorumPeerMain main = new QuorumPeerMain();
    Thread thread = run("zookeeper-peer", () -> main.runFromConfig(config));
    return new ZooKeeperPeer(thread, main::close, purge);
  }

  private static ZooKeeperPeer startAlone(QuorumPeerConfig config, DatadirCleanupManager purge) {
    ServerConfig alone = new ServerConfig();
    alone.readFrom(config);
    ZooKeeperServerMain main = new ZooKeeperServerMain();
    Thread thread = run("zookeeper-alone", () -> main.runFromConfig(alone));
    return new ZooKeeperPeer(thread, main::close, purge);
  }

  /** Says so when the peer has ended by itself: its port is taken, or its data cannot be read. */
  void requireRunning() throws IOException {
    if (!thread.isAlive()) {
      throw new IOException(
          "this node's ZooKeeper peer has ended, see the error in the log; is another process using its ports?");
    }
  }

  private interface Run {
    void run() throws IOException, AdminServerException;
  }

  private static Thread run(String name, Run run) {
    Thread thread =
        new Thread(
            () -> {
              try {
                run.run();
              } catch (IOException | AdminServerException | RuntimeException failed) {
                log.error("ZooKeeper's peer ended; correct the cause and restart the node", failed);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static Properties properties(CoordinationSettings settings, Path data, int own) {
    Properties p = new Properties();
    CoordinationSettings.Peer self = settings.peers().get(own - 1);
    p.setProperty("dataDir", new File(data.toString()).getAbsolutePath());
    p.setProperty("clientPort", Integer.toString(self.clientPort()));
    p.setProperty("clientPortAddress", self.address());
    p.setProperty("tickTime", Long.toString(settings.tick().toMillis()));
    p.setProperty("initLimit", Integer.toString(TICKS_TO_FOLLOW));
    p.setProperty("syncLimit", Integer.toString(TICKS_TO_LAG));
    p.setProperty("maxClientCnxns", "0");
    p.setProperty("4lw.commands.whitelist", "");
    p.setProperty("snapCount", "20000");
    if (settings.peers().size() > 1) {
      for (int i = 0; i < settings.peers().size(); i++) {
        CoordinationSettings.Peer peer = settings.peers().get(i);
        p.setProperty(
            "server." + (i + 1),
            peer.address() + ":" + peer.quorumPort() + ":" + peer.electionPort());
      }
    }
    return p;
  }

  /**
   * Peers are numbered by their place in the list, which is the same in the settings of all nodes.
   */
  private static int serverNumber(NodeSettings node, List<CoordinationSettings.Peer> peers) {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).id().equals(node.id())) {
        return i + 1;
      }
    }
    throw new IllegalStateException("node " + node.id() + " is not among the coordination peers");
  }

  @Override
  public void close() {
    purge.shutdown();
    stop.run();
    try {
      thread.join(5_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
