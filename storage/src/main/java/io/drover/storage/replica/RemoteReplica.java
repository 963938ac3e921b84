package io.drover.storage.replica;

import io.prometheus.client.Histogram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The replica service of another node, by TCP.
 *
 * <p>A call connects when there is no connection. But who fenced a container can use it only
 * through the connection through which that was done: a node that was gone may have lost records,
 * so its controller must fence it anew and compare positions. Exempt are {@code delete}, and reads
 * by those who do not hold the container: they carry a sealed sequence, or an epoch that was not
 * fenced from here. {@code append} never connects, since it does not wait.
 */
public final class RemoteReplica implements ReplicaService {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final String nodeId;
  private final AddressLookup lookup;
  private final ReplicaSettings settings;
  private final ReplicaMetrics metrics;

  /** Highest epoch with which each container was fenced from here, through whatever connection. */
  private final Map<ContainerId, Long> fencedEpochs = new ConcurrentHashMap<>();

  /** Held while connecting: one attempt serves all who wait for it. */
  private final ReentrantLock connecting = new ReentrantLock();

  private volatile @Nullable ClientConnection connection;
  private @Nullable InetSocketAddress lastAddress;
  private ReplicaException.@Nullable Unreachable lastFailure;
  private long retryAtNanos = System.nanoTime();
  private volatile boolean closed;

  public RemoteReplica(
      String nodeId, AddressLookup lookup, ReplicaSettings settings, ReplicaMetrics metrics) {
    this.nodeId = nodeId;
    this.lookup = lookup;
    this.settings = settings;
    this.metrics = metrics;
  }

  @Override
  public ContainerState fence(ContainerId container, long epoch, boolean create)
      throws ReplicaException {
    ClientConnection current = connected();
    ByteBuffer answer =
        call(current, Verb.FENCE, new Calls.Fence(container, epoch, create).encode(), NOTHING);
    ContainerState state = Answers.decode(nodeId, answer, Calls::state);
    current.noteFenced(container);
    fencedEpochs.merge(container, epoch, Math::max);
    return state;
  }

  @Override
  public CompletableFuture<Void> append(AppendRequest request) {
    ClientConnection current;
    try {
      current = fenced(request.container());
    } catch (ReplicaException e) {
      return CompletableFuture.failedFuture(e);
    }
    Histogram.Timer timer = metrics.callSeconds.labels(Verb.APPEND.label()).startTimer();
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ =
        current
            .send(Verb.APPEND, Calls.encode(request), request.record().data())
            .whenComplete((_, failure) -> {
              timer.close();
              if (failure == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(unwrapped(failure));
              }
            });
    return done;
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  @Override
  public Durable flush(ContainerId container, long epoch, long sequence) throws ReplicaException {
    ByteBuffer fields = new Calls.Flush(container, epoch, sequence).encode();
    return Answers.decode(
        nodeId, call(fenced(container), Verb.FLUSH, fields, NOTHING), Calls::durable);
  }

  @Override
  public ReadReply read(ReadRequest request) throws ReplicaException {
    ClientConnection current = isByHolder(request) ? fenced(request.container()) : connected();
    ByteBuffer answer = call(current, Verb.READ, Calls.encode(request), NOTHING);
    ReadReply reply = Answers.decode(nodeId, answer, Calls::readReply);
    if (reply.data().remaining() != request.blockCount() * request.blockSizeBytes()) {
      throw new ReplicaException.Unreachable(
          "node " + nodeId + " answered a read with " + reply.data().remaining() + " bytes", null);
    }
    return reply;
  }

  private boolean isByHolder(ReadRequest request) {
    Long epoch = fencedEpochs.get(request.container());
    return request.sealedSequence() == 0 && epoch != null && epoch == request.epoch();
  }

  @Override
  public LogChunk fetch(ContainerId container, long epoch, LogPosition after, int maxBytes)
      throws ReplicaException {
    ByteBuffer fields = new Calls.Fetch(container, epoch, after, maxBytes).encode();
    return Answers.decode(
        nodeId, call(fenced(container), Verb.FETCH, fields, NOTHING), Calls::chunk);
  }

  @Override
  public void truncate(ContainerId container, long epoch, LogPosition last)
      throws ReplicaException {
    ByteBuffer fields = new Calls.Truncate(container, epoch, last).encode();
    call(fenced(container), Verb.TRUNCATE, fields, NOTHING);
  }

  @Override
  public void repair(
      ContainerId container, long epoch, int block, int version, long sequence, ByteBuffer data)
      throws ReplicaException {
    Calls.Repair repair = new Calls.Repair(container, epoch, block, version, sequence, data);
    call(fenced(container), Verb.REPAIR, repair.encode(), data);
  }

  @Override
  public void delete(ContainerId container, long epoch) throws ReplicaException {
    call(connected(), Verb.DELETE, new Calls.Delete(container, epoch).encode(), NOTHING);
    fencedEpochs.remove(container);
  }

  private ByteBuffer call(ClientConnection current, Verb verb, ByteBuffer fields, ByteBuffer data)
      throws ReplicaException {
    try (Histogram.Timer _ = metrics.callSeconds.labels(verb.label()).startTimer()) {
      return Answers.await(nodeId, current.send(verb, fields, data));
    }
  }

  /** The connection, if the container was fenced through it and it still stands. */
  private ClientConnection fenced(ContainerId container) throws ReplicaException {
    ClientConnection current = connection;
    if (closed || current == null || !current.isOpen() || !current.isFenced(container)) {
      throw new ReplicaException.Unreachable(
          "node "
              + nodeId
              + ": container "
              + container
              + " was not fenced since the connection was made; compare positions first",
          null);
    }
    return current;
  }

  private ClientConnection connected() throws ReplicaException {
    ClientConnection current = connection;
    if (!closed && current != null && current.isOpen()) {
      return current;
    }
    connecting.lock();
    try {
      if (closed) {
        throw new ReplicaException.Unreachable("client of node " + nodeId + " is closed", null);
      }
      current = connection;
      if (current != null && current.isOpen()) {
        return current;
      }
      if (lastFailure != null && retryAtNanos - System.nanoTime() > 0) {
        throw new ReplicaException.Unreachable(
            lastFailure.getMessage() + " (just now)", lastFailure);
      }
      current = connect();
      connection = current;
      return current;
    } finally {
      connecting.unlock();
    }
  }

  private ClientConnection connect() throws ReplicaException {
    try {
      ClientConnection made = ClientConnection.open(nodeId, address(), settings, metrics);
      lastFailure = null;
      return made;
    } catch (IOException | ReplicaException e) {
      ReplicaException.Unreachable failure =
          new ReplicaException.Unreachable("node " + nodeId + " cannot be reached: " + e, e);
      lastFailure = failure;
      retryAtNanos = System.nanoTime() + settings.reconnectPause().toNanos();
      throw failure;
    }
  }

  /** Who is not listed, or cannot be looked up just now, is tried where it was last. */
  private InetSocketAddress address() throws IOException {
    Optional<InetSocketAddress> found;
    try {
      found = lookup.find(nodeId);
    } catch (IOException e) {
      if (lastAddress == null) {
        throw e;
      }
      return lastAddress;
    }
    InetSocketAddress address = found.orElse(lastAddress);
    if (address == null) {
      throw new IOException("it is not registered as a live storage node");
    }
    lastAddress = address;
    return address;
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      closed = true;
      ClientConnection current = connection;
      if (current != null) {
        current.close();
      }
    } finally {
      connecting.unlock();
    }
  }
}
