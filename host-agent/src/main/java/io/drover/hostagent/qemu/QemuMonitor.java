package io.drover.hostagent.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.hostagent.hypervisor.HypervisorException;
import io.drover.hostagent.hypervisor.HypervisorException.Reason;
import io.drover.hostagent.process.ProcessIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A QEMU process's monitor for as long as the process lives: connects, checks that it is the right
 * machine, connects again when the connection breaks, and notices the end of the process.
 *
 * <pre>
 * CONNECTING -> CONNECTED    the machine with our UUID answers
 * CONNECTED  -> CONNECTING   the connection broke, the process lives
 * any        -> GONE         the process ended
 * CONNECTING -> FOREIGN      another machine answers; nothing is ever sent to it
 * any        -> CLOSED       we let go; the process lives on
 * </pre>
 */
final class QemuMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.drover.qmp");
  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  enum State {
    CONNECTING,
    CONNECTED,
    GONE,
    FOREIGN,
    CLOSED
  }

  /** What the owner is told, on the monitor's own thread or the connection's; must not block. */
  interface Owner {
    void event(QmpMessage.Event event);

    /** The process ended. Told once, last. */
    void gone();
  }

  private final Path socket;
  private final ProcessIdentity process;
  private final UUID uuid;
  private final Duration timeout;
  private final Owner owner;
  private State state = State.CONNECTING;
  private @Nullable QmpClient client;

  QemuMonitor(Path socket, ProcessIdentity process, UUID uuid, Duration timeout, Owner owner) {
    this.socket = socket;
    this.process = process;
    this.uuid = uuid;
    this.timeout = timeout;
    this.owner = owner;
  }

  void start() {
    Thread.ofVirtual().name("monitor " + socket).start(this::run);
  }

  synchronized State state() {
    return state;
  }

  /** Waits until it is known whether the machine answers; CONNECTING when that took too long. */
  synchronized State awaitSettled(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (state == State.CONNECTING) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return state;
      }
      wait(Math.max(1, left / 1_000_000));
    }
    return state;
  }

  JsonNode execute(String command) throws HypervisorException {
    return execute(command, QmpMessage.JSON.createObjectNode());
  }

  JsonNode execute(String command, ObjectNode arguments) throws HypervisorException {
    return execute(command, arguments, timeout);
  }

  /**
   * Carries out a command, after waiting for a connection if there is none.
   *
   * @throws HypervisorException REFUSED, TIMED_OUT, or GONE when the process is
   */
  JsonNode execute(String command, ObjectNode arguments, Duration limit)
      throws HypervisorException {
    QmpClient current = connected(command);
    try {
      return current.execute(command, arguments, limit);
    } catch (HypervisorException e) {
      throw explained(command, current, e);
    }
  }

  /** Carries out a command that does not wait for QEMU's main loop. */
  JsonNode executeOutOfBand(String command, ObjectNode arguments) throws HypervisorException {
    QmpClient current = connected(command);
    try {
      return current.executeOutOfBand(command, arguments, timeout);
    } catch (HypervisorException e) {
      throw explained(command, current, e);
    }
  }

  /** A connection that ended is not yet a process that did. */
  private HypervisorException explained(String command, QmpClient used, HypervisorException e) {
    if (e.reason() != Reason.GONE) {
      return e;
    }
    // The next command waits for a new connection, also when it comes before the end of this one
    // was noticed elsewhere.
    synchronized (this) {
      if (client == used && state == State.CONNECTED) {
        become(State.CONNECTING, null);
      }
    }
    return process.alive()
        ? new HypervisorException(
            Reason.TIMED_OUT, "the connection broke during " + command + ": " + e.getMessage(), e)
        : e;
  }

  private QmpClient connected(String command) throws HypervisorException {
    State now;
    try {
      now = awaitSettled(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HypervisorException(Reason.TIMED_OUT, "interrupted before " + command, e);
    }
    QmpClient current;
    synchronized (this) {
      current = client;
    }
    if (now == State.CONNECTED && current != null) {
      return current;
    }
    boolean lives = process.alive();
    throw new HypervisorException(
        lives ? Reason.TIMED_OUT : Reason.GONE,
        "cannot "
            + command
            + ": process "
            + process.pid()
            + (lives ? " does not answer" : " ended"));
  }

  /** Lets go of the process without ending it. */
  @Override
  public void close() {
    QmpClient last;
    synchronized (this) {
      if (state != State.GONE) {
        state = State.CLOSED;
      }
      last = client;
      notifyAll();
    }
    if (last != null) {
      last.close();
    }
  }

  private void run() {
    Duration retry = FIRST_RETRY;
    while (state() == State.CONNECTING) {
      if (!process.alive()) {
        become(State.GONE, null);
        owner.gone();
        return;
      }
      try {
        QmpClient next = QmpClient.connect(socket, timeout, owner::event);
        retry = FIRST_RETRY;
        serve(next);
      } catch (HypervisorException e) {
        LOG.atDebug().addKeyValue("socket", socket).log("no connection yet: {}", e.getMessage());
        retry = retry.compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
      }
      // Ends at once when the process does, which is what mostly breaks a connection.
      process.awaitExit(retry);
    }
    if (state() == State.FOREIGN) {
      LOG.atError()
          .addKeyValue("socket", socket)
          .log("the machine that answers is not {}; it is left alone", uuid);
    }
  }

  private void serve(QmpClient next) throws HypervisorException {
    try (next) {
      JsonNode answer =
          next.execute("query-uuid", QmpMessage.JSON.createObjectNode(), timeout).path("UUID");
      if (!answer.asText().equals(uuid.toString())) {
        become(State.FOREIGN, null);
        return;
      }
      if (become(State.CONNECTED, next)) {
        next.closed().join();
        become(State.CONNECTING, null);
      }
    }
  }

  /** False when it was closed meanwhile, which is final. */
  private synchronized boolean become(State next, @Nullable QmpClient connection) {
    client = connection;
    if (state == State.CLOSED) {
      return false;
    }
    state = next;
    notifyAll();
    return true;
  }
}
