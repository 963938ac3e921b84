package io.drover.daemon.demo.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The folder of one run. Its name also names the run's network namespace and control group, and
 * stands in the command line of every process of the run.
 *
 * @param root such as {@code /tmp/drover-k3x9a2}; short, because sockets are made below it
 */
public record RunFolder(Path root) {
  private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final int LENGTH = 6;

  /** Makes a new, empty one. */
  public static RunFolder create() throws IOException {
    SecureRandom random = new SecureRandom();
    StringBuilder name = new StringBuilder("drover-");
    for (int i = 0; i < LENGTH; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    Path base = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    return new RunFolder(Files.createDirectory(base.resolve(name.toString()).toAbsolutePath()));
  }

  /** Name of the run; unique on this machine. */
  public String name() {
    return String.valueOf(root.getFileName());
  }

  /** Everything of one node. */
  public Path node(String host) {
    return root.resolve(host);
  }

  /** The node's settings. */
  public Path config(String host) {
    return node(host).resolve("drover.conf");
  }

  /** What the node says. */
  public Path log(String host) {
    return node(host).resolve("node.log");
  }

  public Path dataDir(String host) {
    return node(host).resolve("data");
  }

  public Path runDir(String host) {
    return node(host).resolve("run");
  }

  /** Written by the node, removed by it when it ends in order. */
  public Path pidFile(String host) {
    return runDir(host).resolve("pid");
  }

  /** There while the node is a member and everything in it runs. */
  public Path readyFile(String host) {
    return runDir(host).resolve("ready");
  }

  public Path collectorLog() {
    return root.resolve("collector.log");
  }
}
