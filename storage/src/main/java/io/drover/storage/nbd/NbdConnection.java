package io.drover.storage.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its first byte to its last. */
final class NbdConnection {
  private static final Logger log = LoggerFactory.getLogger(NbdConnection.class);

  private final SocketChannel channel;
  private final ExportTable exports;
  private final NbdSettings settings;
  private final NbdMetrics metrics;
  private final PayloadRoom room;
  private final Wire wire;
  private final long acceptedNanos = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Export chosen;
  private volatile boolean negotiated;
  private volatile boolean draining;

  NbdConnection(
      SocketChannel channel,
      ExportTable exports,
      NbdSettings settings,
      NbdMetrics metrics,
      PayloadRoom room) {
    this.channel = channel;
    this.exports = exports;
    this.settings = settings;
    this.metrics = metrics;
    this.room = room;
    this.wire = new Wire(channel);
  }

  /** Serves the client until it leaves, is drained or breaks the protocol. */
  void run() {
    try {
      Optional<Session> session = new Handshake(wire, exports, settings).negotiate();
      negotiated = true;
      if (session.isPresent()) {
        transmit(session.get());
      }
    } catch (NbdProtocolException e) {
      metrics.protocolErrors.inc();
      log.info("nbd client disconnected, it broke the protocol: {}", e.getMessage());
    } catch (ClosedChannelException | EOFException e) {
      log.debug("nbd connection ended: {}", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.debug("nbd connection failed: {}", e.getMessage());
    } finally {
      closeNow();
    }
  }

  /**
   * Ends a connection whose client chooses no export, does not finish a message or takes no replies
   * in time; one that is merely silent may stay.
   */
  void endIfLate() {
    boolean late =
        negotiated
            ? wire.isLate(settings.messageTimeout().toNanos())
            : System.nanoTime() - acceptedNanos > settings.handshakeTimeout().toNanos();
    if (late && channel.isOpen()) {
      metrics.late.inc();
      log.info(
          "nbd client disconnected, it {} in time",
          negotiated ? "did not finish a request or take a reply" : "chose no export");
      closeNow();
    }
  }

  /** The owner has forgotten this connection; lets {@link #drain} return. */
  void finished() {
    ended.countDown();
  }

  boolean serves(Export export) {
    return export.equals(chosen);
  }

  /** Takes no more requests, lets those under way finish, and closes; bounded in time. */
  void drain() {
    draining = true;
    try {
      channel.shutdownInput();
      if (!ended.await(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("nbd connection closed with requests under way after {}", settings.drainTimeout());
      }
    } catch (IOException e) {
      log.debug("nbd connection had ended before it was drained: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeNow();
    }
  }

  void closeNow() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("closing an nbd connection failed: {}", e.getMessage());
    }
  }

  private void transmit(Session session) throws IOException {
    chosen = session.export();
    // A withdrawal that came before the line above did not see this connection.
    if (exports.find(session.export().name()).filter(session.export()::equals).isEmpty()) {
      return;
    }
    log.atDebug().addKeyValue("export", session.export().name()).log("nbd client connected");
    new Transmission(wire, session, settings, metrics, room, this::closeNow, () -> draining).run();
  }
}
