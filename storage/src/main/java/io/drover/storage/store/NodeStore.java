package io.drover.storage.store;

import io.drover.storage.replica.AppendRequest;
import io.drover.storage.replica.ContainerId;
import io.drover.storage.replica.ContainerState;
import io.drover.storage.replica.Durable;
import io.drover.storage.replica.LogChunk;
import io.drover.storage.replica.LogPosition;
import io.drover.storage.replica.ReadReply;
import io.drover.storage.replica.ReadRequest;
import io.drover.storage.replica.ReplicaException;
import io.drover.storage.replica.ReplicaService;
import io.prometheus.client.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of this node: containers in a directory of its own.
 *
 * <p>Appends are carried out on a lane for each container, so that a disk that hangs does not hang
 * their caller; everything else runs on the caller's thread and may be interrupted without harm.
 */
public final class NodeStore implements ReplicaService {
  private static final Logger logger = LoggerFactory.getLogger(NodeStore.class);

  private final PoolDirectory directory;
  private final Pool pool;
  private final Map<ContainerId, Open> containers = new ConcurrentHashMap<>();

  /** Containers that cannot be served, with the reason. */
  private final Map<ContainerId, String> unreadable = new ConcurrentHashMap<>();

  /** One segment of the pool at a time. */
  private final Lane compactions = new Lane("compaction");

  private volatile boolean closed;

  /** A container and those who work on it. */
  private record Open(
      Container container,
      ContainerReader reader,
      ContainerEditor editor,
      Compaction compaction,
      Lane lane) {
    static Open of(Container container) {
      ContainerReader reader = new ContainerReader(container);
      return new Open(
          container,
          reader,
          new ContainerEditor(container, reader),
          new Compaction(container, reader),
          new Lane("append-" + container.id));
    }
  }

  private NodeStore(PoolDirectory directory, Pool pool) {
    this.directory = directory;
    this.pool = pool;
  }

  /**
   * Opens the pool in a directory, which is made when absent, and replays all containers.
   *
   * @throws IOException when the directory cannot be read, holds something else, or is in use
   */
  public static NodeStore open(String nodeId, StoreSettings settings, Path path)
      throws IOException {
    return open(nodeId, settings, path, BootId.current(), new Medium(), StoreMetrics.shared());
  }

  static NodeStore open(
      String nodeId,
      StoreSettings settings,
      Path path,
      String bootId,
      Medium medium,
      StoreMetrics metrics)
      throws IOException {
    PoolDirectory directory = PoolDirectory.claim(path, medium);
    try {
      Pool pool = Pool.of(nodeId, bootId, medium, directory.volume(), settings, metrics);
      NodeStore store = new NodeStore(directory, pool);
      store.replay();
      return store;
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Identity of the machine's current boot, as in every answer. */
  public String bootId() {
    return pool.bootId();
  }

  private void replay() throws IOException {
    long start = System.nanoTime();
    List<Future<Boolean>> replays = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      directory
          .containers()
          .forEach((id, path) -> replays.add(executor.submit(() -> replay(id, path))));
    }
    for (Future<Boolean> replay : replays) {
      if (replay.state() == Future.State.FAILED) {
        throw new IOException(
            "pool " + directory.path() + ": " + replay.exceptionNow(), replay.exceptionNow());
      }
    }
    logger
        .atInfo()
        .addKeyValue("node", pool.nodeId())
        .addKeyValue("directory", directory.path())
        .addKeyValue("containers", containers.size())
        .addKeyValue("millis", (System.nanoTime() - start) / 1_000_000)
        .log("pool opened");
  }

  /** Whether the container can be served. */
  private boolean replay(ContainerId id, Path path) throws IOException {
    try {
      containers.put(id, Open.of(ContainerFiles.open(id, path, pool)));
      return true;
    } catch (UnreadableException e) {
      unreadable.put(id, String.valueOf(e.getMessage()));
      pool.metrics().failedContainers.inc();
      logger
          .atError()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", id)
          .addKeyValue("cause", e.getMessage())
          .log("container cannot be served, delete this replica to have it rebuilt");
      return false;
    }
  }

  @Override
  public ContainerState fence(ContainerId id, long epoch, boolean create) throws ReplicaException {
    Open open = find(id);
    if (open == null && create) {
      open = create(id, epoch);
    }
    return open == null ? ContainerState.absent(pool.bootId()) : open.container.fence(epoch);
  }

  private Open create(ContainerId id, long epoch) throws ReplicaException {
    synchronized (containers) {
      Open open = find(id);
      if (open != null) {
        return open;
      }
      try {
        Open made = Open.of(ContainerFiles.create(id, directory.pathOf(id), pool, epoch));
        containers.put(id, made);
        logger
            .atInfo()
            .addKeyValue("node", pool.nodeId())
            .addKeyValue("container", id)
            .addKeyValue("epoch", epoch)
            .log("container created");
        return made;
      } catch (IOException e) {
        throw new ReplicaException.StoreFailed(
            pool.nodeId() + ": container " + id + " cannot be created: " + e, e);
      }
    }
  }

  @Override
  public CompletableFuture<Void> append(AppendRequest request) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Open open;
    try {
      open = require(request.container());
    } catch (ReplicaException e) {
      done.completeExceptionally(e);
      return done;
    }
    open.lane.run(() -> {
      try {
        open.container.append(request);
        done.complete(null);
      } catch (ReplicaException | RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  @Override
  public Durable flush(ContainerId id, long epoch, long sequence) throws ReplicaException {
    Open open = require(id);
    if (open.container.last().sequence() < sequence) {
      open.lane.awaitIdle(); // the append may have been given, but not carried out yet
    }
    Durable durable = open.container.flush(epoch, sequence);
    if (open.compaction.isWanted()) {
      compactions.run(open.compaction::run);
    }
    return durable;
  }

  @Override
  public ReadReply read(ReadRequest request) throws ReplicaException {
    try (Histogram.Timer _ = pool.metrics().readSeconds.startTimer()) {
      return require(request.container()).reader.read(request);
    }
  }

  @Override
  public LogChunk fetch(ContainerId id, long epoch, LogPosition after, int maxBytes)
      throws ReplicaException {
    return require(id).reader.fetch(epoch, after, maxBytes);
  }

  @Override
  public void truncate(ContainerId id, long epoch, LogPosition last) throws ReplicaException {
    require(id).editor.truncate(epoch, last);
  }

  @Override
  public void repair(
      ContainerId id, long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException {
    require(id).editor.repair(epoch, block, version, sequence, data);
  }

  /** Also removes a container that cannot be read, since its epoch is then unknown. */
  @Override
  public void delete(ContainerId id, long epoch) throws ReplicaException {
    synchronized (containers) {
      try {
        if (unreadable.containsKey(id)) {
          directory.remove(id);
          unreadable.remove(id);
          pool.metrics().failedContainers.dec();
          return;
        }
        Open open = find(id);
        if (open != null) {
          open.container.remove(epoch);
          containers.remove(id);
          directory.remove(id);
          logger
              .atInfo()
              .addKeyValue("node", pool.nodeId())
              .addKeyValue("container", id)
              .addKeyValue("epoch", epoch)
              .log("container deleted");
        }
      } catch (IOException e) {
        throw new ReplicaException.StoreFailed(
            pool.nodeId() + ": container " + id + " cannot be deleted: " + e, e);
      }
    }
  }

  private Open require(ContainerId id) throws ReplicaException {
    Open open = find(id);
    if (open == null) {
      throw new ReplicaException.Absent(id);
    }
    return open;
  }

  private @Nullable Open find(ContainerId id) throws ReplicaException {
    if (closed) {
      throw new ReplicaException.Unreachable("pool of " + pool.nodeId() + " is closed", null);
    }
    String reason = unreadable.get(id);
    if (reason != null) {
      throw new ReplicaException.StoreFailed(
          pool.nodeId() + ": container " + id + " cannot be served: " + reason, null);
    }
    return containers.get(id);
  }

  /** Compacts all that is worth it, now. */
  void compact() {
    containers.values().forEach(open -> open.compaction.run());
  }

  /** Carries out the appends under way and makes all durable, so that the next start is quick. */
  @Override
  public void close() {
    synchronized (containers) {
      if (closed) {
        return;
      }
      closed = true;
      containers.values().forEach(open -> open.compaction.stop());
      compactions.awaitIdle();
      for (Open open : containers.values()) {
        open.lane.awaitIdle();
        close(open.container);
      }
      pool.metrics().failedContainers.dec(unreadable.size());
      directory.close();
    }
  }

  private void close(Container container) {
    try {
      container.syncIfPossible();
      container.close();
    } catch (IOException | ReplicaException e) {
      logger
          .atWarn()
          .addKeyValue("node", pool.nodeId())
          .addKeyValue("container", container.id)
          .addKeyValue("cause", e.toString())
          .log("container closed without a flush");
    }
  }
}
