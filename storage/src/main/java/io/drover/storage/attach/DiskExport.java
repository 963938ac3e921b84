package io.drover.storage.attach;

import io.drover.storage.block.BlockDevice;
import io.drover.storage.disk.Disk;
import io.drover.storage.disk.DiskException;
import io.drover.storage.nbd.NbdExport;
import io.drover.storage.nbd.NbdServer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where NBD clients reach an attached disk: a Unix socket of its own, which only this process's
 * user may open, and TCP for as long as an operator wants it there. TCP knows no users, so a VM's
 * disk is never offered on it.
 */
final class DiskExport {
  private final NbdServer server;
  private final Path socket;
  private final String name;
  private final BlockDevice device;
  private @Nullable NbdExport open;
  private boolean offered;

  /** Makes the export of an attachment. */
  interface Maker {
    DiskExport make(Disk disk, BlockDevice device);
  }

  DiskExport(NbdServer server, Path directory, Disk disk, BlockDevice device) {
    this.server = server;
    // By identity: a restarted process serves the same path, so that clients find it again.
    this.socket = directory.resolve(disk.id().value() + ".sock");
    this.name = disk.name();
    this.device = device;
  }

  Path socket() {
    return socket;
  }

  String name() {
    return name;
  }

  synchronized void open() throws DiskException {
    if (open != null) {
      return;
    }
    try {
      open = server.serveUnix(socket, name, device);
    } catch (IOException e) {
      throw new DiskException.Unavailable(
          "cannot serve disk '" + name + "' on " + socket + ": " + e.getMessage(), e);
    }
  }

  synchronized boolean isOpen() {
    return open != null;
  }

  /** Lets TCP clients in too, if the server has an address for them. */
  synchronized void offer() throws IOException {
    if (open != null && !offered && server.tcpAddress().isPresent()) {
      server.offer(name, device);
      offered = true;
    }
  }

  /** Disconnects the TCP clients. */
  synchronized void withdraw() {
    if (offered) {
      offered = false;
      server.withdraw(name);
    }
  }

  /** Disconnects the clients and takes the sockets away. */
  void close() {
    NbdExport closing;
    synchronized (this) {
      closing = open;
      open = null;
      withdraw();
    }
    if (closing != null) {
      closing.close();
    }
  }
}
