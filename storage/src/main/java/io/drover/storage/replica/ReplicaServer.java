package io.drover.storage.replica;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a node's replica service to controllers on other nodes by TCP.
 *
 * <p>Closing it ends all connections; the service that it offers stays the caller's.
 */
public final class ReplicaServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaServer.class);

  private final String nodeId;
  private final ReplicaService service;
  private final ReplicaSettings settings;
  private final ReplicaMetrics metrics;
  private final ServerSocketChannel listener;
  private final InetSocketAddress address;
  private final Set<ServedConnection> connections = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;

  private ReplicaServer(
      String nodeId,
      ReplicaService service,
      ReplicaSettings settings,
      ReplicaMetrics metrics,
      ServerSocketChannel listener)
      throws IOException {
    this.nodeId = nodeId;
    this.service = service;
    this.settings = settings;
    this.metrics = metrics;
    this.listener = listener;
    this.address = (InetSocketAddress) listener.getLocalAddress();
    this.acceptor = Thread.ofVirtual().name("replica-accept").unstarted(this::accept);
  }

  /**
   * Listens on the address.
   *
   * @throws IOException when it cannot be had
   */
  public static ReplicaServer open(
      String nodeId,
      ReplicaService service,
      ReplicaSettings settings,
      ReplicaMetrics metrics,
      InetSocketAddress address)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    try {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.bind(address);
      ReplicaServer server = new ReplicaServer(nodeId, service, settings, metrics, listener);
      server.acceptor.start();
      log.atInfo()
          .addKeyValue("node", nodeId)
          .addKeyValue("address", server.address)
          .log("replica service listens");
      return server;
    } catch (IOException e) {
      listener.close();
      throw new IOException("replica service cannot listen on " + address + ": " + e, e);
    }
  }

  /** With the port in use. */
  public InetSocketAddress address() {
    return address;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        admit(listener.accept());
      } catch (ClosedChannelException e) {
        log.atDebug().addKeyValue("node", nodeId).log("replica service ends");
      } catch (IOException e) {
        log.atWarn()
            .addKeyValue("node", nodeId)
            .addKeyValue("cause", e.toString())
            .log("replica client not accepted");
        pause();
      }
    }
  }

  /** An accept that fails, for example for want of descriptors, would fail again at once. */
  private void pause() {
    try {
      Thread.sleep(settings.reconnectPause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    if (connections.size() >= settings.maxConnections()) {
      metrics.refusedConnections.inc();
      log.atWarn()
          .addKeyValue("node", nodeId)
          .addKeyValue("peer", channel.getRemoteAddress())
          .log("replica client refused, too many connections");
      channel.close();
      return;
    }
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    ServedConnection connection = new ServedConnection(channel, service, nodeId, settings, metrics);
    connections.add(connection);
    metrics.connections.inc();
    Thread.ofVirtual()
        .name("replica-in")
        .start(() -> {
          try {
            connection.serve();
          } finally {
            connections.remove(connection);
            metrics.connections.dec();
          }
        });
  }

  @Override
  public void close() {
    try {
      listener.close();
      acceptor.join();
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("node", nodeId)
          .addKeyValue("cause", e.toString())
          .log("replica service not closed cleanly");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.forEach(ServedConnection::close);
  }
}
