package io.drover.daemon.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Where the members of the cluster can be found, and who may found it, kept in ZooKeeper.
 *
 * <p>{@code cluster/members/<node>} says where a member listens and which incarnation of the
 * cluster it belongs to; {@code cluster/incarnation} names the one that counts; {@code
 * cluster/founder} is held by the one node that may found the next. A node that cannot reach
 * ZooKeeper's majority can therefore neither found a second cluster nor mistake a stale one for the
 * real one.
 */
final class MemberDirectory {
  private static final String MEMBERS = "/cluster/members";
  private static final String INCARNATION = "/cluster/incarnation";
  private static final String FOUNDER = "/cluster/founder";

  private final CuratorFramework client;
  private final ExecutorService executor;

  MemberDirectory(CuratorFramework client, ExecutorService executor) {
    this.client = client;
    this.executor = executor;
  }

  /**
   * One registered member.
   *
   * @param address of its actor system
   */
  record Member(String node, String address, String incarnation) {}

  List<Member> members() throws Exception {
    List<Member> found = new ArrayList<>();
    for (String node : children()) {
      Optional<String> data = read(MEMBERS + "/" + node);
      data.map(text -> text.split(" ", 2))
          .filter(p -> p.length == 2)
          .ifPresent(p -> found.add(new Member(node, p[0], p[1])));
    }
    return List.copyOf(found);
  }

  /** The incarnation that counts; empty before the first. */
  Optional<String> incarnation() throws Exception {
    return read(INCARNATION);
  }

  void setIncarnation(String incarnation) throws Exception {
    client
        .create()
        .orSetData()
        .creatingParentsIfNeeded()
        .forPath(INCARNATION, incarnation.getBytes(StandardCharsets.UTF_8));
  }

  EphemeralRecord register(Member member) throws Exception {
    byte[] data = (member.address() + " " + member.incarnation()).getBytes(StandardCharsets.UTF_8);
    return EphemeralRecord.publish(client, MEMBERS + "/" + member.node(), data, executor);
  }

  /**
   * Whether this node may found the cluster now; if so, {@link #releaseFounding()} follows when it
   * has.
   */
  boolean tryFounding(String node) throws Exception {
    try {
      client
          .create()
          .creatingParentsIfNeeded()
          .withMode(CreateMode.EPHEMERAL)
          .forPath(FOUNDER, node.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (KeeperException.NodeExistsException exists) {
      // Curator repeats a creation whose answer was lost, and then meets its own znode.
      return founderIsThisSession();
    }
  }

  /** Gives the right to found back if this process has it. */
  void releaseFounding() throws Exception {
    if (founderIsThisSession()) {
      client.delete().quietly().forPath(FOUNDER);
    }
  }

  private boolean founderIsThisSession() throws Exception {
    Stat stat = client.checkExists().forPath(FOUNDER);
    return stat != null
        && stat.getEphemeralOwner() == client.getZookeeperClient().getZooKeeper().getSessionId();
  }

  private List<String> children() throws Exception {
    try {
      return client.getChildren().forPath(MEMBERS);
    } catch (KeeperException.NoNodeException nobodyYet) {
      return List.of();
    }
  }

  private Optional<String> read(String path) throws Exception {
    try {
      return Optional.of(new String(client.getData().forPath(path), StandardCharsets.UTF_8));
    } catch (KeeperException.NoNodeException missing) {
      return Optional.empty();
    }
  }
}
