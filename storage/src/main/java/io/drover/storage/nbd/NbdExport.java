package io.drover.storage.nbd;

import java.nio.file.Path;

/** A device that is being served on a Unix socket of its own. */
public interface NbdExport extends AutoCloseable {

  Path socket();

  String exportName();

  /** Clients that are connected now, those still shaking hands included. */
  int connections();

  /**
   * Stops listening, lets the requests under way finish (for at most the configured drain timeout),
   * disconnects the clients and removes the socket. Idempotent.
   */
  @Override
  void close();
}
