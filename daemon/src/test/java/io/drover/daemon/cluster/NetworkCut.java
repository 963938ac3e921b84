package io.drover.daemon.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Takes a node's address from the network while the node lives on: nothing that is sent to the
 * address arrives, so nobody reaches it and its membership does not get an answer. What the node
 * sends to others from another address of the machine still arrives, so it keeps its coordination
 * and its replicas: the very case in which a node that is taken for gone can do harm.
 *
 * <p>A route of the machine's own table for local addresses, which needs root. An address is one
 * out of a random subnet of loopback; one left over by a crash of the tests disturbs nobody.
 */
final class NetworkCut {
  private final String address;

  private NetworkCut(String address) {
    this.address = address;
  }

  static NetworkCut of(TestNode node) throws IOException, InterruptedException {
    route("add", node.address());
    return new NetworkCut(node.address());
  }

  void heal() throws IOException, InterruptedException {
    route("del", address);
  }

  private static void route(String verb, String address) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("ip", "route", verb, "blackhole", address + "/32", "table", "local")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("ip route " + verb + " blackhole " + address + ": " + said.strip());
    }
  }
}
