package io.drover.storage.nbd;

import io.drover.storage.block.BlockDevice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An NBD server: devices on Unix sockets of their own, and devices by name on one TCP address.
 *
 * <p>Every connection has its own virtual threads, its own bounds and its own fate. A device may be
 * served in several places at once; its size is read when a client connects, so a resize is seen on
 * reconnect.
 */
public final class NbdServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NbdServer.class);

  /** The size of {@code sun_path} on Linux less the closing zero. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private final NbdSettings settings;
  private final NbdMetrics metrics;
  private final SharedRoom sharedRoom;
  private final CountDownLatch allClosed = new CountDownLatch(1);
  private final Map<String, Export> offered = new ConcurrentHashMap<>();
  private final Set<UnixExport> unixExports = ConcurrentHashMap.newKeySet();
  private final Optional<NbdListener> tcp;
  private volatile boolean closed;

  private NbdServer(NbdSettings settings, NbdMetrics metrics) throws IOException {
    this.settings = settings;
    this.metrics = metrics;
    this.sharedRoom = new SharedRoom(settings.maxHeldBytes());
    this.tcp =
        settings.tcpAddress().isPresent()
            ? Optional.of(listenTcp(settings.tcpAddress().get()))
            : Optional.empty();
    Thread.ofVirtual().name("nbd-watch").start(this::watch);
  }

  /** Starts to listen on the TCP address when one is set; metrics go to the default registry. */
  public static NbdServer open(NbdSettings settings) throws IOException {
    return open(settings, NbdMetrics.shared());
  }

  public static NbdServer open(NbdSettings settings, NbdMetrics metrics) throws IOException {
    return new NbdServer(settings, metrics);
  }

  /**
   * Serves a device on a Unix socket, which only this process's user may open. The export is also
   * what a client gets that names none.
   *
   * @throws IOException when the path is too long for a socket, or somebody else is listening
   *     there; a socket file that a crashed process left is replaced
   */
  public NbdExport serveUnix(Path socket, String exportName, BlockDevice device)
      throws IOException {
    return serveUnix(socket, exportName, device, false);
  }

  public NbdExport serveUnix(Path socket, String exportName, BlockDevice device, boolean readOnly)
      throws IOException {
    requireOpen();
    Export export = new Export(exportName, device, readOnly);
    ServerSocketChannel channel = bindUnix(socket);
    NbdListener listener =
        new NbdListener(
            channel,
            new ExportTable.Single(export),
            settings,
            metrics,
            sharedRoom,
            "nbd-" + exportName);
    UnixExport served = new UnixExport(socket, exportName, listener);
    unixExports.add(served);
    listener.start();
    log.atInfo()
        .addKeyValue("export", exportName)
        .addKeyValue("socket", socket)
        .addKeyValue("readOnly", readOnly)
        .log("nbd export opened");
    return served;
  }

  /** Lets TCP clients choose this device by name; replaces what had the name for new clients. */
  public void offer(String exportName, BlockDevice device) {
    offer(exportName, device, false);
  }

  public void offer(String exportName, BlockDevice device, boolean readOnly) {
    requireOpen();
    if (tcp.isEmpty()) {
      throw new IllegalStateException(
          "cannot offer " + exportName + ": this server has no TCP address");
    }
    offered.put(exportName, new Export(exportName, device, readOnly));
  }

  /**
   * Ends the offer and the connections to it, after their requests under way; unknown names are
   * ignored.
   */
  public void withdraw(String exportName) {
    Export export = offered.remove(exportName);
    if (export != null) {
      tcp.ifPresent(listener -> listener.disconnect(export));
    }
  }

  /** The address in use, which tells the port when port 0 was asked for. */
  public Optional<InetSocketAddress> tcpAddress() throws IOException {
    return tcp.isEmpty()
        ? Optional.empty()
        : Optional.of((InetSocketAddress) tcp.get().localAddress());
  }

  /** Drains and disconnects all clients, for at most the drain timeout, and removes the sockets. */
  @Override
  public void close() {
    closed = true;
    List<Thread> closing = new ArrayList<>();
    tcp.ifPresent(listener -> closing.add(Thread.ofVirtual().start(listener::close)));
    unixExports.forEach(export -> closing.add(Thread.ofVirtual().start(export::close)));
    boolean interrupted = false;
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    // Last, since a deaf client is ended by it also while the server closes.
    allClosed.countDown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    long hastiest =
        Math.min(settings.handshakeTimeout().toMillis(), settings.messageTimeout().toMillis());
    try {
      while (!allClosed.await(Math.clamp(hastiest / 4, 1, 1000), TimeUnit.MILLISECONDS)) {
        endLateConnections();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endLateConnections() {
    tcp.ifPresent(NbdListener::endLateConnections);
    unixExports.forEach(export -> export.listener.endLateConnections());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the NBD server is closed");
    }
  }

  private NbdListener listenTcp(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot listen for NBD on " + address + ": " + e.getMessage(), e);
    }
    NbdListener listener =
        new NbdListener(
            channel, new ExportTable.Named(offered), settings, metrics, sharedRoom, "nbd-tcp");
    listener.start();
    return listener;
  }

  private static ServerSocketChannel bindUnix(Path socket) throws IOException {
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH_BYTES) {
      throw new IOException(
          "socket path "
              + socket
              + " has "
              + length
              + " bytes, the system allows "
              + MAX_SOCKET_PATH_BYTES
              + "; choose a shorter run directory");
    }
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    removeStale(socket, address);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(address);
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot listen on " + socket + ": " + e.getMessage(), e);
    }
  }

  private static void removeStale(Path socket, SocketAddress address) throws IOException {
    if (!Files.exists(socket)) {
      return;
    }
    boolean answered;
    try (SocketChannel probe = SocketChannel.open(address)) {
      answered = probe.isConnected();
    } catch (IOException refused) {
      log.debug("socket {} is left over: {}", socket, refused.getMessage());
      answered = false;
    }
    if (answered) {
      throw new IOException("another process is listening on " + socket);
    }
    Files.delete(socket);
  }

  private final class UnixExport implements NbdExport {
    private final Path socket;
    private final String exportName;
    private final NbdListener listener;

    UnixExport(Path socket, String exportName, NbdListener listener) {
      this.socket = socket;
      this.exportName = exportName;
      this.listener = listener;
    }

    @Override
    public Path socket() {
      return socket;
    }

    @Override
    public String exportName() {
      return exportName;
    }

    @Override
    public int connections() {
      return listener.connections();
    }

    @Override
    public void close() {
      if (!unixExports.remove(this)) {
        return;
      }
      // Unlinked first: a client that retries must not reach a listener that is going away.
      try {
        Files.deleteIfExists(socket);
      } catch (IOException e) {
        log.warn("cannot remove socket {}: {}", socket, e.getMessage());
      }
      listener.close();
      log.atInfo()
          .addKeyValue("export", exportName)
          .addKeyValue("socket", socket)
          .log("nbd export closed");
    }
  }
}
