package io.drover.hostagent.testing;

import io.drover.hostagent.process.ShortCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A bridge in a network namespace of its own. */
public final class TestNetwork {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String BRIDGE = "drbr0";

  private final String namespace;

  private TestNetwork(String namespace) {
    this.namespace = namespace;
  }

  /**
   * Makes the namespace and the bridge.
   *
   * @param address of the bridge, with its prefix length
   */
  public static TestNetwork create(String address) throws IOException {
    TestNetwork network =
        new TestNetwork("drover-test-" + ThreadLocalRandom.current().nextInt(1_000_000));
    run("ip", "netns", "add", network.namespace);
    try {
      network.inside("ip", "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0");
      network.inside("ip", "addr", "add", address, "dev", BRIDGE);
      network.inside("ip", "link", "set", "dev", BRIDGE, "up");
      return network;
    } catch (IOException e) {
      network.close();
      throw e;
    }
  }

  /** The agent's settings for it. */
  public String settings() {
    return "drover.agent.network { mode = bridge, bridge = \""
        + BRIDGE
        + "\", namespace = \""
        + namespace
        + "\" }";
  }

  /** The taps on the bridge. */
  public List<String> ports() throws IOException {
    return inside("ip", "-oneline", "link", "show", "master", BRIDGE).lines().toList();
  }

  /** Waits until a guest answers to a ping. */
  public void awaitAnswer(String address) throws Exception {
    Await.until(
        "an answer from " + address,
        () ->
            ShortCommand.run(
                    List.of(
                        "ip", "netns", "exec", namespace, "busybox", "ping", "-c1", "-W1", address),
                    LIMIT)
                .ok());
  }

  private String inside(String... command) throws IOException {
    return run(
        Stream.concat(Stream.of("ip", "netns", "exec", namespace), Stream.of(command))
            .toArray(String[]::new));
  }

  private static String run(String... command) throws IOException {
    ShortCommand.Outcome outcome = ShortCommand.run(List.of(command), LIMIT);
    if (!outcome.ok()) {
      throw new IOException(List.of(command) + ": " + outcome.output());
    }
    return outcome.output();
  }

  /** Removes the namespace and all that is in it. */
  public void close() throws IOException {
    run("ip", "netns", "del", namespace);
  }
}
