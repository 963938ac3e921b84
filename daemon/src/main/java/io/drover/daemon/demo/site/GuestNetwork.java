package io.drover.daemon.demo.site;

import java.io.IOException;
import java.util.List;

/** How the demo's guests reach the collector. */
public sealed interface GuestNetwork {
  /** Address and prefix length of a guest. */
  String guestAddress(int number);

  /** Address of the collector as guests see it. */
  String collectorForGuests();

  /** Address that the collector listens at. */
  String collectorListens();

  /** Put before a command that shall run where the collector has to. */
  List<String> enter();

  /** Lines below {@code drover.agent.network}. */
  String settings();

  /**
   * A bridge in a network namespace of its own: nothing of the machine's own network is touched.
   * Needs root.
   */
  record Bridged(String namespace) implements GuestNetwork {
    static final String BRIDGE = "drbr0";
    private static final String BRIDGE_MAC = "02:64:72:6f:76:01";
    private static final String GATEWAY = "10.77.0.1";
    private static final int BITS = 24;
    private static final int FIRST_GUEST = 11;

    @Override
    public String guestAddress(int number) {
      return "10.77.0." + (FIRST_GUEST + number) + "/" + BITS;
    }

    @Override
    public String collectorForGuests() {
      return GATEWAY;
    }

    @Override
    public String collectorListens() {
      return GATEWAY;
    }

    @Override
    public List<String> enter() {
      return List.of("ip", "netns", "exec", namespace);
    }

    @Override
    public String settings() {
      return "{ mode = bridge, bridge = \"%s\", namespace = \"%s\" }".formatted(BRIDGE, namespace);
    }

    /** Makes namespace and bridge. */
    void create() throws IOException, InterruptedException {
      Tool.run("ip", "netns", "add", namespace);
      Tool.run("ip", "-n", namespace, "link", "set", "lo", "up");
      // With an address of its own it does not take one of the taps', which come and go.
      Tool.run(
          "ip", "-n", namespace, "link", "add", BRIDGE, "address", BRIDGE_MAC, "type", "bridge");
      Tool.run("ip", "-n", namespace, "addr", "add", GATEWAY + "/" + BITS, "dev", BRIDGE);
      Tool.run("ip", "-n", namespace, "link", "set", BRIDGE, "up");
    }
  }

  /**
   * QEMU's own network stack, which needs no rights. A guest's connections do not survive a move:
   * it connects anew, so a downtime seen from outside is longer than the guest's own.
   */
  record UserMode() implements GuestNetwork {
    @Override
    public String guestAddress(int number) {
      return "10.0.2.15/24";
    }

    @Override
    public String collectorForGuests() {
      return "10.0.2.2";
    }

    @Override
    public String collectorListens() {
      return "127.0.0.1";
    }

    @Override
    public List<String> enter() {
      return List.of();
    }

    @Override
    public String settings() {
      return "{ mode = user }";
    }
  }
}
