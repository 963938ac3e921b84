package io.drover.storage.nbd;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts the clients of one socket and owns their connections. */
final class NbdListener {
  private static final Logger log = LoggerFactory.getLogger(NbdListener.class);

  private final ServerSocketChannel channel;
  private final ExportTable exports;
  private final NbdSettings settings;
  private final NbdMetrics metrics;
  private final SharedRoom sharedRoom;
  private final Semaphore connectionPermits;
  private final String name;
  private final Set<NbdConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  NbdListener(
      ServerSocketChannel channel,
      ExportTable exports,
      NbdSettings settings,
      NbdMetrics metrics,
      SharedRoom sharedRoom,
      String name) {
    this.channel = channel;
    this.exports = exports;
    this.settings = settings;
    this.metrics = metrics;
    this.sharedRoom = sharedRoom;
    this.connectionPermits = new Semaphore(settings.maxConnections());
    this.name = name;
  }

  void endLateConnections() {
    connections.forEach(NbdConnection::endIfLate);
  }

  void start() {
    Thread.ofVirtual().name(name + "-accept").start(this::acceptAll);
  }

  int connections() {
    return connections.size();
  }

  SocketAddress localAddress() throws IOException {
    return channel.getLocalAddress();
  }

  /** Ends the connections that chose this export. */
  void disconnect(Export export) {
    drainAll(connections.stream().filter(connection -> connection.serves(export)).toList());
  }

  void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("closing the listener {} failed: {}", name, e.getMessage());
    }
    drainAll(List.copyOf(connections));
  }

  private void acceptAll() {
    while (!closed) {
      try {
        accept(channel.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Out of file descriptors, say: the listener must outlive it.
        log.warn("accepting on {} failed: {}", name, e.getMessage());
        pauseAfterFailure();
      }
    }
  }

  private void accept(SocketChannel client) throws IOException {
    if (!connectionPermits.tryAcquire()) {
      metrics.refused.inc();
      log.warn(
          "nbd client refused on {}: {} connections are open", name, settings.maxConnections());
      client.close();
      return;
    }
    PayloadRoom room = new PayloadRoom(sharedRoom, settings.maxInFlightBytes());
    NbdConnection connection = new NbdConnection(client, exports, settings, metrics, room);
    connections.add(connection);
    metrics.connections.inc();
    Thread.ofVirtual().name(name).start(() -> serve(client, connection));
  }

  private void serve(SocketChannel client, NbdConnection connection) {
    try {
      if (!(client.getLocalAddress() instanceof UnixDomainSocketAddress)) {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        // A silent client may stay, one whose machine is gone must not hold its place for hours.
        client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
        client.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 10);
        client.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 6);
      }
      if (closed) {
        connection.closeNow();
      }
      connection.run();
    } catch (IOException e) {
      log.debug("nbd client on {} went away at once: {}", name, e.getMessage());
    } finally {
      connection.closeNow();
      connections.remove(connection);
      metrics.connections.dec();
      connectionPermits.release();
      connection.finished();
    }
  }

  private static void drainAll(Collection<NbdConnection> connections) {
    List<Thread> draining = new ArrayList<>();
    for (NbdConnection connection : connections) {
      draining.add(Thread.ofVirtual().start(connection::drain));
    }
    for (Thread thread : draining) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        connections.forEach(NbdConnection::closeNow);
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void pauseAfterFailure() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
