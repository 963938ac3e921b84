package io.drover.hostagent.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a QEMU monitor.
 *
 * <p>A virtual thread reads lines and hands out answers by their id; anybody may send. Lines that
 * are no QMP are logged and skipped; a line without end, or the end of the connection, fails every
 * command under way. A closed client stays closed: {@link QemuMonitor} makes the next one.
 */
final class QmpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qmp");

  /** The longest answers list block devices or CPUs; those of 256 CPUs stay far below. */
  static final int MAX_LINE_BYTES = 4 * 1024 * 1024;

  /** More unanswered commands than this mean a monitor that hangs; its socket must not fill up. */
  static final int MAX_UNANSWERED = 64;

  private final Path socket;
  private final SocketChannel channel;
  private final Consumer<QmpMessage.Event> events;
  private final Map<Long, CompletableFuture<JsonNode>> unanswered = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private final CompletableFuture<QmpMessage.Greeting> greeting = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Object writing = new Object();

  private QmpClient(Path socket, SocketChannel channel, Consumer<QmpMessage.Event> events) {
    this.socket = socket;
    this.channel = channel;
    this.events = events;
  }

  /**
   * Connects and agrees on the protocol.
   *
   * @param events called on the reading thread: must not block
   * @throws HypervisorException GONE when nobody listens, TIMED_OUT when QEMU is busy with another
   *     client or hangs
   */
  static QmpClient connect(Path socket, Duration timeout, Consumer<QmpMessage.Event> events)
      throws HypervisorException {
    SocketChannel channel;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new HypervisorException(Reason.GONE, "cannot open a socket: " + e.getMessage(), e);
    }
    QmpClient client = new QmpClient(socket, channel, events);
    Thread.ofVirtual().name("qmp " + socket).start(client::readAll);
    try {
      QmpMessage.Greeting hello = await(client.greeting, timeout, "the greeting of " + socket);
      ObjectNode agreed = QmpMessage.JSON.createObjectNode();
      if (hello.outOfBand()) {
        agreed.putArray("enable").add("oob");
      }
      client.execute("qmp_capabilities", agreed, timeout);
      return client;
    } catch (HypervisorException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Carries out a command.
   *
   * @throws HypervisorException REFUSED with QEMU's words; GONE when the connection ended;
   *     TIMED_OUT
   */
  JsonNode execute(String command, JsonNode arguments, Duration timeout)
      throws HypervisorException {
    return execute("execute", command, arguments, timeout);
  }

  /**
   * Carries out one of the few commands that do not wait for QEMU's main loop.
   *
   * @throws HypervisorException REFUSED also when this QEMU has no such commands
   */
  JsonNode executeOutOfBand(String command, JsonNode arguments, Duration timeout)
      throws HypervisorException {
    return execute("exec-oob", command, arguments, timeout);
  }

  private JsonNode execute(String how, String command, JsonNode arguments, Duration timeout)
      throws HypervisorException {
    if (unanswered.size() >= MAX_UNANSWERED) {
      throw new HypervisorException(
          Reason.TIMED_OUT, socket + " has left " + unanswered.size() + " commands unanswered");
    }
    long id = nextId.getAndIncrement();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    unanswered.put(id, answer);
    try {
      if (closed.isDone()) {
        throw connectionEnded();
      }
      ObjectNode line = QmpMessage.JSON.createObjectNode().put(how, command).put("id", id);
      if (!arguments.isEmpty()) {
        line.set("arguments", arguments);
      }
      send(line + "\n");
      return await(answer, timeout, "the answer to " + command + " on " + socket);
    } finally {
      unanswered.remove(id);
    }
  }

  /** Completes when the connection has ended, by whichever side. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("socket", socket).log("closing a monitor connection: {}", e);
    }
  }

  private void send(String text) throws HypervisorException {
    ByteBuffer bytes = UTF_8.encode(text);
    try {
      synchronized (writing) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      close();
      throw new HypervisorException(Reason.GONE, socket + ": " + e.getMessage(), e);
    }
  }

  private void readAll() {
    String end = "connection closed";
    try (SocketChannel open = channel) {
      open.connect(UnixDomainSocketAddress.of(socket));
      InputStream in = new BufferedInputStream(Channels.newInputStream(open));
      while (true) {
        String line = readLine(in);
        if (!line.isBlank()) {
          handle(QmpMessage.parse(line));
        }
      }
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    } finally {
      closed.complete(null);
      HypervisorException ended = connectionEnded(end);
      greeting.completeExceptionally(ended);
      unanswered.values().forEach(answer -> answer.completeExceptionally(ended));
    }
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("connection closed by QEMU");
      }
      if (line.size() >= MAX_LINE_BYTES) {
        throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
      }
      line.write(c);
    }
    return line.toString(UTF_8);
  }

  private void handle(QmpMessage message) {
    switch (message) {
      case QmpMessage.Greeting hello -> greeting.complete(hello);
      case QmpMessage.Return done -> answer(done.id()).complete(done.value());
      case QmpMessage.Refusal refusal ->
          answer(refusal.id())
              .completeExceptionally(
                  new HypervisorException(
                      Reason.REFUSED, refusal.errorClass() + ": " + refusal.description()));
      case QmpMessage.Event event -> events.accept(event);
      case QmpMessage.Unintelligible junk ->
          LOG.atWarn()
              .addKeyValue("socket", socket)
              .log("skipped a line that is no QMP: {}", junk.start());
    }
  }

  /** Whoever waited may have given up; then nobody hears the answer. */
  private CompletableFuture<JsonNode> answer(long id) {
    CompletableFuture<JsonNode> waiting = unanswered.get(id);
    return waiting == null ? new CompletableFuture<>() : waiting;
  }

  private HypervisorException connectionEnded() {
    return connectionEnded("connection closed");
  }

  private HypervisorException connectionEnded(String why) {
    return new HypervisorException(Reason.GONE, "monitor " + socket + ": " + why);
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout, String what)
      throws HypervisorException {
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HypervisorException(
          Reason.TIMED_OUT, what + " did not come within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HypervisorException(Reason.TIMED_OUT, "interrupted waiting for " + what, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HypervisorException failure) {
        // A fresh one: the stack of the thread that waits says more than that of the reader.
        throw new HypervisorException(failure.reason(), String.valueOf(failure.getMessage()), e);
      }
      throw new HypervisorException(Reason.GONE, what + ": " + e.getCause(), e);
    }
  }
}
