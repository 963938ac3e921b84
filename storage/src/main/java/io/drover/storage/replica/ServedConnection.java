package io.drover.storage.replica;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: one thread reads, one writes, and every call but append has its own.
 *
 * <p>Appends are handed to the store by the reading thread, in the order in which they came. The
 * reading thread stops while more bytes of calls and answers are held than the settings allow.
 */
final class ServedConnection {
  private static final Logger log = LoggerFactory.getLogger(ServedConnection.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int LEAST_COST_BYTES = 256;

  private final SocketChannel channel;
  private final ReplicaService service;
  private final String nodeId;
  private final ReplicaSettings settings;
  private final ReplicaMetrics metrics;
  private final String peer;
  private final Outbox outbox = new Outbox();
  private final Semaphore room;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile long lastHeardNanos = System.nanoTime();

  ServedConnection(
      SocketChannel channel,
      ReplicaService service,
      String nodeId,
      ReplicaSettings settings,
      ReplicaMetrics metrics)
      throws IOException {
    this.channel = channel;
    this.service = service;
    this.nodeId = nodeId;
    this.settings = settings;
    this.metrics = metrics;
    this.peer = String.valueOf(channel.getRemoteAddress());
    this.room = new Semaphore(settings.maxInFlightBytes());
  }

  /** Serves until the connection ends. */
  void serve() {
    Thread writer = Thread.ofVirtual().name("replica-out-" + peer).start(this::write);
    Thread watch = Thread.ofVirtual().name("replica-idle-" + peer).start(this::watch);
    try {
      FrameReader reader = new FrameReader(channel);
      if (greet(reader.next())) {
        while (true) {
          Frame frame = reader.next();
          lastHeardNanos = System.nanoTime();
          dispatch(frame);
        }
      }
    } catch (EOFException | ClosedChannelException e) {
      log.atDebug()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", peer)
          .log("replica client left");
    } catch (ProtocolException e) {
      metrics.protocolErrors.inc();
      log.atWarn()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", peer)
          .addKeyValue("cause", e.getMessage())
          .log("replica client broke the protocol");
    } catch (IOException e) {
      log.atInfo()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", peer)
          .addKeyValue("cause", e.toString())
          .log("replica client lost");
    } finally {
      close();
      watch.interrupt();
      join(writer);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the connection; calls under way are carried out, their answers are lost. */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    outbox.close();
    room.release(settings.maxInFlightBytes()); // the reader may wait for answers that never leave
    try {
      channel.close();
    } catch (IOException e) {
      log.atDebug()
          .addKeyValue("peer", peer)
          .addKeyValue("cause", e.toString())
          .log("closing replica connection");
    }
  }

  private void write() {
    try {
      outbox.writeTo(channel);
    } catch (IOException e) {
      log.atDebug()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", peer)
          .addKeyValue("cause", e.toString())
          .log("replica client lost");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private void watch() {
    long limit = settings.idleTimeout().toNanos();
    try {
      while (channel.isOpen()) {
        long left = limit - (System.nanoTime() - lastHeardNanos);
        if (left <= 0) {
          log.atInfo()
              .addKeyValue("node", nodeId)
              .addKeyValue("peer", peer)
              .log("replica client silent, closed");
          close();
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      log.trace("connection ended peer={}", peer);
    }
  }

  /** Whether the two can talk; if not the client has been told why. */
  private boolean greet(Frame frame) throws IOException {
    if (frame.verb() != Verb.HELLO) {
      throw new ProtocolException("first frame is " + frame.verb() + ", want HELLO");
    }
    try {
      Hello.Agreed agreed =
          Hello.answer(Hello.Wanted.decode(frame.body()), nodeId, settings.idleTimeout());
      send(frame, Verb.DONE, agreed.encode(), NOTHING, 0);
      return true;
    } catch (ReplicaException.Invalid e) {
      log.atWarn()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", peer)
          .addKeyValue("cause", e.getMessage())
          .log("replica client refused");
      List<ByteBuffer> answer =
          Frame.encode(Verb.FAILED, frame.call(), Failures.encode(e), NOTHING);
      for (ByteBuffer buffer : answer) {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      return false;
    } catch (BufferUnderflowException e) {
      throw new ProtocolException("HELLO is too short");
    }
  }

  private void dispatch(Frame frame) throws ProtocolException {
    int cost = cost(frame);
    room.acquireUninterruptibly(cost);
    switch (frame.verb()) {
      case APPEND -> append(frame, cost);
      case PING -> send(frame, Verb.DONE, NOTHING, NOTHING, cost);
      case FENCE, FLUSH, READ, FETCH, TRUNCATE, REPAIR, DELETE ->
          Thread.ofVirtual()
              .name("replica-" + frame.verb().label() + "-" + peer)
              .start(() -> answer(frame, cost));
      case HELLO, DONE, FAILED ->
          throw new ProtocolException(frame.verb() + " is no call that is served");
    }
  }

  /** Bytes of the call or of its answer, whichever is more. */
  private int cost(Frame frame) {
    int answer =
        switch (frame.verb()) {
          case READ, FETCH -> LogRecord.MAX_DATA_BYTES;
          case APPEND, FENCE, FLUSH, TRUNCATE, REPAIR, DELETE, PING, HELLO, DONE, FAILED -> 0;
        };
    int cost = Math.max(frame.body().remaining(), answer) + LEAST_COST_BYTES;
    return Math.min(cost, settings.maxInFlightBytes());
  }

  private void append(Frame frame, int cost) {
    long start = System.nanoTime();
    AppendRequest request;
    try {
      request = Calls.append(frame.body());
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      fail(frame, invalid(frame, e), cost);
      return;
    }
    var _ =
        service
            .append(request)
            .whenComplete((_, failure) -> {
              metrics.servedSeconds.labels(frame.verb().label()).observe(seconds(start));
              if (failure == null) {
                send(frame, Verb.DONE, NOTHING, NOTHING, cost);
              } else {
                fail(frame, cause(failure), cost);
              }
            });
  }

  private void answer(Frame frame, int cost) {
    long start = System.nanoTime();
    try {
      carryOut(frame, cost);
    } catch (ReplicaException e) {
      fail(frame, e, cost);
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      fail(frame, invalid(frame, e), cost);
    } catch (RuntimeException e) {
      fail(frame, cause(e), cost);
    }
    metrics.servedSeconds.labels(frame.verb().label()).observe(seconds(start));
  }

  private void carryOut(Frame frame, int cost) throws ReplicaException {
    ByteBuffer s = frame.body();
    ByteBuffer data = NOTHING;
    ByteBuffer fields = NOTHING;
    switch (frame.verb()) {
      case FENCE -> {
        Calls.Fence q = Calls.Fence.decode(s);
        fields = Calls.encode(service.fence(q.container(), q.epoch(), q.create()));
      }
      case FLUSH -> {
        Calls.Flush q = Calls.Flush.decode(s);
        fields = Calls.encode(service.flush(q.container(), q.epoch(), q.sequence()));
      }
      case READ -> {
        ReadReply reply = service.read(Calls.read(s));
        fields = Calls.encode(reply);
        data = reply.data();
      }
      case FETCH -> {
        Calls.Fetch q = Calls.Fetch.decode(s);
        int maxBytes = Math.min(q.maxBytes(), LogRecord.MAX_DATA_BYTES);
        fields = Calls.encode(service.fetch(q.container(), q.epoch(), q.after(), maxBytes));
      }
      case TRUNCATE -> {
        Calls.Truncate q = Calls.Truncate.decode(s);
        service.truncate(q.container(), q.epoch(), q.last());
      }
      case REPAIR -> {
        Calls.Repair q = Calls.Repair.decode(s);
        service.repair(q.container(), q.epoch(), q.block(), q.version(), q.sequence(), q.data());
      }
      case DELETE -> {
        Calls.Delete q = Calls.Delete.decode(s);
        service.delete(q.container(), q.epoch());
      }
      case HELLO, PING, APPEND, DONE, FAILED ->
          throw new IllegalArgumentException(frame.verb() + " is served elsewhere");
    }
    send(frame, Verb.DONE, fields, data, cost);
  }

  private void send(Frame to, Verb verb, ByteBuffer fields, ByteBuffer data, int cost) {
    outbox.add(() -> Frame.encode(verb, to.call(), fields, data), () -> room.release(cost));
  }

  private void fail(Frame to, ReplicaException failure, int cost) {
    metrics.failedCalls.labels(to.verb().label(), Failures.label(failure)).inc();
    send(to, Verb.FAILED, Failures.encode(failure), NOTHING, cost);
  }

  private static ReplicaException invalid(Frame frame, RuntimeException e) {
    return new ReplicaException.Invalid(frame.verb() + " is malformed: " + e);
  }

  private ReplicaException cause(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ReplicaException known) {
      return known;
    }
    log.atError()
        .addKeyValue("node", nodeId)
        .addKeyValue("peer", peer)
        .setCause(cause)
        .log("replica call failed unexpectedly");
    return new ReplicaException.StoreFailed(nodeId + ": unexpected failure: " + cause, cause);
  }

  private static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
