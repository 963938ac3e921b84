package io.drover.storage.nbd;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its first byte to its last. */
final class NbdConnection {
  private static final Logger log = LoggerFactory.getLogger(NbdConnection.class);

  private final SocketChannel channel;
  private final ExportTable exports;
  private final NbdSettings settings;
  private final NbdMetrics metrics;

  NbdConnection(
      SocketChannel channel, ExportTable exports, NbdSettings settings, NbdMetrics metrics) {
    this.channel = channel;
    this.exports = exports;
    this.settings = settings;
    this.metrics = metrics;
  }

  void run() throws IOException {
    log.debug("{} {} {}", exports, settings, metrics);
  }

  boolean serves(Export export) {
    return exports.all().contains(export);
  }

  void drain() {
    closeNow();
  }

  void closeNow() {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("closing: {}", e.getMessage());
    }
  }
}
