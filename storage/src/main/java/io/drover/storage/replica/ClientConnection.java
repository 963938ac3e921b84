package io.drover.storage.replica;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a storage node, from its greeting to its loss.
 *
 * <p>When it is lost, or one call stays unanswered beyond the timeout, everything under way fails
 * and nothing is accepted any more. It remembers which containers were fenced through it: only
 * these may be used.
 */
final class ClientConnection {
  private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final String nodeId;
  private final SocketChannel channel;
  private final Duration requestTimeout;
  private final ReplicaMetrics metrics;
  private final Outbox outbox = new Outbox();
  private final Set<ContainerId> fenced = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Calls under way, the oldest first. */
  private final Map<Long, Pending> pending = new LinkedHashMap<>();

  private long nextCall = 1;
  private long lastSentNanos = System.nanoTime();
  private long pingNanos = Duration.ofDays(1).toNanos(); // until the greeting tells
  private ReplicaException.@Nullable Unreachable lost;

  private record Pending(Verb verb, CompletableFuture<ByteBuffer> answer, long deadlineNanos) {}

  private ClientConnection(
      String nodeId, SocketChannel channel, Duration requestTimeout, ReplicaMetrics metrics) {
    this.nodeId = nodeId;
    this.channel = channel;
    this.requestTimeout = requestTimeout;
    this.metrics = metrics;
  }

  /** Connects and agrees with the node; fails when it is another one. */
  static ClientConnection open(
      String nodeId, InetSocketAddress address, ReplicaSettings settings, ReplicaMetrics metrics)
      throws IOException, ReplicaException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, Math.toIntExact(settings.connectTimeout().toMillis()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    ClientConnection connection =
        new ClientConnection(nodeId, channel, settings.requestTimeout(), metrics);
    connection.start();
    try {
      connection.greet(settings.connectTimeout());
      log.atInfo()
          .addKeyValue("node", nodeId)
          .addKeyValue("address", address)
          .log("connected to storage node");
      return connection;
    } catch (ReplicaException e) {
      connection.fail("greeting failed", e);
      throw e;
    }
  }

  private void start() {
    Thread.ofVirtual().name("replica-out-" + nodeId).start(this::write);
    Thread.ofVirtual().name("replica-in-" + nodeId).start(this::read);
    Thread.ofVirtual().name("replica-watch-" + nodeId).start(this::watch);
  }

  private void greet(Duration timeout) throws ReplicaException {
    ByteBuffer hello = new Hello.Wanted(Hello.VERSION, Hello.VERSION, nodeId).encode();
    ByteBuffer answer = Answers.await(nodeId, send(Verb.HELLO, hello, NOTHING, timeout));
    Hello.Agreed agreed = Answers.decode(nodeId, answer, Hello.Agreed::decode);
    lock.lock();
    try {
      pingNanos = agreed.idleTimeout().dividedBy(3).toNanos();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return lost == null;
    } finally {
      lock.unlock();
    }
  }

  boolean isFenced(ContainerId container) {
    return fenced.contains(container);
  }

  void noteFenced(ContainerId container) {
    fenced.add(container);
  }

  CompletableFuture<ByteBuffer> send(Verb verb, ByteBuffer fields, ByteBuffer data) {
    return send(verb, fields, data, requestTimeout);
  }

  /** The order of calls is the order on the wire. */
  private CompletableFuture<ByteBuffer> send(
      Verb verb, ByteBuffer fields, ByteBuffer data, Duration timeout) {
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (lost != null) {
        answer.completeExceptionally(lost);
        return answer;
      }
      long now = System.nanoTime();
      long call = nextCall++;
      pending.put(call, new Pending(verb, answer, now + timeout.toNanos()));
      if (pending.size() == 1) {
        changed.signalAll();
      }
      lastSentNanos = now;
      outbox.add(() -> Frame.encode(verb, call, fields, data), () -> {});
    } finally {
      lock.unlock();
    }
    return answer;
  }

  private void write() {
    try {
      outbox.writeTo(channel);
    } catch (IOException e) {
      fail("write failed", e);
    } catch (InterruptedException e) {
      fail("interrupted", e);
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    FrameReader reader = new FrameReader(channel);
    try {
      while (true) {
        complete(reader.next());
      }
    } catch (ProtocolException e) {
      metrics.protocolErrors.inc();
      fail("the node broke the protocol", e);
    } catch (IOException e) {
      fail("connection lost", e);
    }
  }

  private void complete(Frame frame) throws ProtocolException {
    Pending answered;
    lock.lock();
    try {
      answered = pending.remove(frame.call());
    } finally {
      lock.unlock();
    }
    if (answered == null) {
      throw new ProtocolException("answer to call " + frame.call() + ", which nobody made");
    }
    switch (frame.verb()) {
      case DONE -> answered.answer.complete(frame.body());
      case FAILED -> answered.answer.completeExceptionally(failure(frame));
      case HELLO, PING, FENCE, APPEND, FLUSH, READ, FETCH, TRUNCATE, REPAIR, DELETE -> {
        ProtocolException broken = new ProtocolException("answer is " + frame.verb());
        answered.answer.completeExceptionally(unreachable("the node broke the protocol", broken));
        throw broken;
      }
    }
  }

  private ReplicaException failure(Frame frame) {
    try {
      return Failures.decode(frame.body());
    } catch (ProtocolException | IllegalArgumentException | BufferUnderflowException e) {
      return unreachable("the node broke the protocol", e);
    }
  }

  /** Ends the connection when the oldest call is overdue; keeps it from seeming silent. */
  private void watch() {
    try {
      Pending overdue = awaitOverdue();
      if (overdue != null) {
        fail(overdue.verb.label() + " unanswered for " + requestTimeout.toMillis() + " ms", null);
      }
    } catch (InterruptedException e) {
      fail("interrupted", e);
      Thread.currentThread().interrupt();
    }
  }

  /** Returns null when the connection ended otherwise. */
  private @Nullable Pending awaitOverdue() throws InterruptedException {
    lock.lock();
    try {
      while (lost == null) {
        long now = System.nanoTime();
        long left = pingNanos - (now - lastSentNanos);
        if (left <= 0) {
          var _ = send(Verb.PING, NOTHING, NOTHING); // its answer only has to come in time
          left = pingNanos;
        }
        Pending oldest = pending.isEmpty() ? null : pending.values().iterator().next();
        if (oldest != null && oldest.deadlineNanos - now <= 0) {
          return oldest;
        }
        long wait = oldest == null ? left : Math.min(left, oldest.deadlineNanos - now);
        long early = changed.awaitNanos(wait);
        log.trace("watch woken node={} earlyNanos={}", nodeId, early);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection on this side. */
  void close() {
    end(unreachable("client closed", null));
  }

  private void fail(String why, @Nullable Throwable cause) {
    ReplicaException.Unreachable failure = unreachable(why, cause);
    int underWay = end(failure);
    if (underWay >= 0) {
      metrics.lostConnections.labels(nodeId).inc();
      log.atWarn()
          .addKeyValue("cause", failure.getMessage())
          .addKeyValue("callsUnderWay", underWay)
          .log("connection to storage node lost");
    }
  }

  /** Fails everything under way and tells how much that was; -1 when it had ended before. */
  private int end(ReplicaException.Unreachable failure) {
    List<Pending> failing;
    lock.lock();
    try {
      if (lost != null) {
        return -1;
      }
      lost = failure;
      failing = new ArrayList<>(pending.values());
      pending.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    outbox.close();
    try {
      channel.close();
    } catch (IOException e) {
      log.atDebug()
          .addKeyValue("node", nodeId)
          .addKeyValue("cause", e.toString())
          .log("closing connection");
    }
    failing.forEach(call -> call.answer.completeExceptionally(failure));
    return failing.size();
  }

  private ReplicaException.Unreachable unreachable(String why, @Nullable Throwable cause) {
    String detail = cause == null ? "" : ": " + cause;
    return new ReplicaException.Unreachable("node " + nodeId + ": " + why + detail, cause);
  }
}
