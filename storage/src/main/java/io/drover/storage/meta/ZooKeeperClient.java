package io.drover.storage.meta;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/** Curator with this package's failures: linearizable reads, and transactions that say who lost. */
final class ZooKeeperClient {
  private final CuratorFramework curator;
  private final Duration syncTimeout;

  /**
   * @param curator started, and rooted at the project's chroot by connect string or namespace
   * @param syncTimeout after which a {@code sync} without an answer is a failure
   */
  ZooKeeperClient(CuratorFramework curator, Duration syncTimeout) {
    this.curator = curator;
    this.syncTimeout = syncTimeout;
  }

  CuratorFramework curator() {
    return curator;
  }

  /** Returns when this client's server has caught up with the leader. */
  void sync(String path) throws MetadataException {
    try {
      ZooKeeperSync.await(curator, path, syncTimeout);
    } catch (Exception e) {
      throw failure("sync", path, e);
    }
  }

  <T> Versioned<T> read(String path, Class<T> type) throws MetadataException {
    try {
      Stat stat = new Stat();
      byte[] json = curator.getData().storingStatIn(stat).forPath(path);
      return new Versioned<>(Json.read(json, type, path), stat.getVersion());
    } catch (Exception e) {
      throw failure("reading", path, e);
    }
  }

  List<String> children(String path) throws MetadataException {
    try {
      return curator.getChildren().forPath(path);
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    } catch (Exception e) {
      throw failure("listing", path, e);
    }
  }

  void ensure(String path) throws MetadataException {
    try {
      if (curator.checkExists().forPath(path) == null) {
        curator.create().creatingParentsIfNeeded().forPath(path, new byte[0]);
      }
    } catch (KeeperException.NodeExistsException e) {
      return; // made by another process between the look and the creation
    } catch (Exception e) {
      throw failure("creating", path, e);
    }
  }

  /** The first operation must be the check of the lease's version, if there is one. */
  Transaction transaction() {
    return new Transaction();
  }

  /** Operations that happen together or not at all. */
  final class Transaction {
    private final List<CuratorOp> operations = new ArrayList<>();
    private boolean checksLease;

    Transaction checkLease(String path, int version) throws MetadataException {
      checksLease = true;
      return add(path, () -> curator.transactionOp().check().withVersion(version).forPath(path));
    }

    Transaction create(String path, byte[] data) throws MetadataException {
      return add(path, () -> curator.transactionOp().create().forPath(path, data));
    }

    Transaction set(String path, int version, byte[] data) throws MetadataException {
      return add(
          path, () -> curator.transactionOp().setData().withVersion(version).forPath(path, data));
    }

    Transaction delete(String path) throws MetadataException {
      return add(path, () -> curator.transactionOp().delete().forPath(path));
    }

    void commit(String what) throws MetadataException {
      try {
        curator.transaction().forOperations(operations);
      } catch (KeeperException e) {
        if (checksLease && failedAt(e) == 0) {
          throw new MetadataException.LeaseTaken(what + ": the lease has changed");
        }
        throw failure(what, String.valueOf(e.getPath()), e);
      } catch (Exception e) {
        throw failure(what, "", e);
      }
    }

    private Transaction add(String path, OpMaker maker) throws MetadataException {
      try {
        operations.add(maker.make());
        return this;
      } catch (Exception e) {
        throw failure("preparing a transaction", path, e);
      }
    }
  }

  private interface OpMaker {
    CuratorOp make() throws Exception;
  }

  /** Index of the operation that made a transaction fail, -1 when that is not known. */
  private static int failedAt(KeeperException e) {
    List<OpResult> results = e.getResults();
    for (int i = 0; results != null && i < results.size(); i++) {
      if (results.get(i) instanceof OpResult.ErrorResult error
          && error.getErr() != KeeperException.Code.OK.intValue()) {
        return i;
      }
    }
    return -1;
  }

  static MetadataException failure(String doing, String path, Exception e) {
    String what = doing + " " + path;
    return switch (e) {
      case MetadataException known -> known;
      case KeeperException.NoNodeException _ ->
          new MetadataException.Missing(what + ": it does not exist");
      case KeeperException.BadVersionException _ ->
          new MetadataException.Conflict(what + ": it was changed meanwhile");
      case KeeperException.NodeExistsException _ ->
          new MetadataException.Conflict(what + ": it exists already");
      case KeeperException.NotEmptyException _ ->
          new MetadataException.Conflict(what + ": something was added below it");
      case InterruptedException _ -> {
        Thread.currentThread().interrupt();
        yield new MetadataException.Unavailable(what + ": interrupted", e);
      }
      case Exception _ ->
          new MetadataException.Unavailable(what + ": no answer from ZooKeeper: " + e, e);
    };
  }
}
