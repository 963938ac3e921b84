package io.drover.daemon.demo.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * The ports of all nodes, the same at each node's own address.
 *
 * @param base the HTTP interface; the others follow it
 */
public record Ports(int base) {
  private static final int FIRST = 7600;
  private static final int STEP = 20;
  private static final int LAST = 9_500;
  private static final int USED = 6;

  /** The first block of ports that is free at all addresses. */
  public static Ports free(List<String> addresses) throws IOException {
    for (int base = FIRST; base <= LAST; base += STEP) {
      if (allFree(addresses, base)) {
        return new Ports(base);
      }
    }
    throw new IOException(
        "no free block of ports from %d to %d on %s"
            .formatted(FIRST, LAST, String.join(", ", addresses)));
  }

  private static boolean allFree(List<String> addresses, int base) {
    for (String address : addresses) {
      for (int port = base; port < base + USED; port++) {
        try (ServerSocket socket = new ServerSocket()) {
          socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException taken) {
          return false;
        }
      }
    }
    return true;
  }

  public int api() {
    return base;
  }

  public int cluster() {
    return base + 1;
  }

  public int zooKeeperClient() {
    return base + 2;
  }

  public int zooKeeperQuorum() {
    return base + 3;
  }

  public int zooKeeperElection() {
    return base + 4;
  }

  public int replica() {
    return base + 5;
  }
}
