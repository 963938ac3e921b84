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
  private final CountDownLatch negotiated = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Export chosen;
  private volatile boolean draining;

  NbdConnection(
      SocketChannel channel, ExportTable exports, NbdSettings settings, NbdMetrics metrics) {
    this.channel = channel;
    this.exports = exports;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Serves the client until it leaves, is drained or breaks the protocol. */
  void run() {
    Thread.ofVirtual().name("nbd-handshake-limit").start(this::limitHandshake);
    try {
      Wire wire = new Wire(channel);
      Optional<Session> session = new Handshake(wire, exports, settings).negotiate();
      negotiated.countDown();
      if (session.isPresent()) {
        transmit(wire, session.get());
      }
    } catch (NbdProtocolException e) {
      metrics.protocolErrors.inc();
      log.info("nbd client disconnected, it broke the protocol: {}", e.getMessage());
    } catch (ClosedChannelException | EOFException e) {
      log.debug("nbd connection ended: {}", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      log.debug("nbd connection failed: {}", e.getMessage());
    } finally {
      negotiated.countDown();
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

  private void transmit(Wire wire, Session session) throws IOException {
    chosen = session.export();
    // A withdrawal that came before the line above did not see this connection.
    if (exports.find(session.export().name()).filter(session.export()::equals).isEmpty()) {
      return;
    }
    log.debug("nbd client connected export={}", session.export().name());
    new Transmission(wire, session, settings, metrics, this::closeNow, () -> draining).run();
  }

  private void limitHandshake() {
    try {
      if (!negotiated.await(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("nbd client disconnected, it chose no export in time");
        closeNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeNow();
    }
  }
}
