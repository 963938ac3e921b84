package io.drover.storage.replica;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Tells where a node's replica service is now; asked before each attempt to connect. */
@FunctionalInterface
public interface AddressLookup {
  /**
   * The address of a node's service; empty when the node is not known to be alive.
   *
   * @throws IOException when nobody can be asked; the last known address is then used
   */
  Optional<InetSocketAddress> find(String nodeId) throws IOException;
}
